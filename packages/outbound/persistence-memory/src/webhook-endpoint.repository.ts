import type {
  EncryptionContext,
  InstallationId,
  TenantId,
  WebhookEndpoint,
  WebhookEndpointId,
  WebhookEndpointRepository,
} from '@tenon/core';
import type { Access } from './access.js';
import { installationOf } from './database.js';
import type { WebhookEndpointRow } from './database.js';
import { byAge, owned } from './rows.js';
import type { Sealer } from './sealer.js';

export class MemoryWebhookEndpointRepository implements WebhookEndpointRepository {
  constructor(
    private readonly access: Access,
    private readonly sealer: Sealer,
  ) {}

  async findById(id: WebhookEndpointId): Promise<WebhookEndpoint | null> {
    const row = await this.access.run(({ webhookEndpoints }) => webhookEndpoints.get(id) ?? null);
    return row && this.#open(row);
  }

  async find(
    tenantId: TenantId,
    installationId: InstallationId,
    slot: string,
  ): Promise<WebhookEndpoint | null> {
    const key = `${installationOf(tenantId, installationId)}/${slot}`;
    const row = await this.access.run(
      ({ webhookEndpoints }) => webhookEndpoints.by('slot', key) ?? null,
    );
    return row && this.#open(row);
  }

  async ensure(endpoint: WebhookEndpoint): Promise<WebhookEndpoint> {
    const sealed = await this.#seal(endpoint);
    const row = await this.access.run(({ webhookEndpoints }) => {
      const { tenantId, installationId, slot } = endpoint;
      const key = `${installationOf(tenantId, installationId)}/${slot}`;
      const existing = webhookEndpoints.by('slot', key);
      if (existing) return existing;
      webhookEndpoints.insert(sealed);
      return sealed;
    });
    return this.#open(row);
  }

  async update(endpoint: WebhookEndpoint): Promise<boolean> {
    const { signingSecret } = await this.#seal(endpoint);
    return this.access.run(({ webhookEndpoints }) => {
      const current = owned(webhookEndpoints, endpoint.tenantId, endpoint.id);
      if (!current) return false;
      const { connectionId, externalId, updatedAt } = endpoint;
      webhookEndpoints.put({ ...current, signingSecret, connectionId, externalId, updatedAt });
      return true;
    });
  }

  async list(
    tenantId: TenantId,
    installationId: InstallationId,
  ): Promise<readonly WebhookEndpoint[]> {
    const rows = await this.access.run(({ webhookEndpoints }) => [
      ...webhookEndpoints.group('installation', installationOf(tenantId, installationId)),
    ]);
    return Promise.all(rows.sort(byAge).map((row) => this.#open(row)));
  }

  async #seal(endpoint: WebhookEndpoint): Promise<WebhookEndpointRow> {
    const { signingSecret } = endpoint;
    if (signingSecret === null) return { ...endpoint, signingSecret };
    return {
      ...endpoint,
      signingSecret: await this.sealer.seal(signingSecret, placeOf(endpoint)),
    };
  }

  async #open(row: WebhookEndpointRow): Promise<WebhookEndpoint> {
    const { signingSecret } = row;
    if (signingSecret === null) return { ...row, signingSecret };
    return { ...row, signingSecret: await this.sealer.open(signingSecret, placeOf(row)) };
  }
}

function placeOf({ tenantId, id }: Pick<WebhookEndpoint, 'tenantId' | 'id'>): EncryptionContext {
  return { tenantId, table: 'webhook_endpoints', column: 'signing_secret', rowId: id };
}
