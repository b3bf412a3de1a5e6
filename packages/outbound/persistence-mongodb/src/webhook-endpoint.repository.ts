import type {
  Encryptor,
  InstallationId,
  TenantId,
  WebhookEndpoint,
  WebhookEndpointId,
  WebhookEndpointRepository,
} from '@tenon/core';
import { ensureRow } from './ensure-row.js';
import { Rows } from './rows.js';
import type { Row } from './scoped-reads.js';
import { SecretField } from './secret-field.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

type EndpointRow = Omit<WebhookEndpoint, 'signingSecret'> & {
  readonly signingSecret: string | null;
};

export class MongodbWebhookEndpointRepository implements WebhookEndpointRepository {
  readonly #rows: Rows;
  readonly #signingSecret: SecretField<string>;

  constructor(session: Session, encryptor: Encryptor) {
    this.#rows = new Rows(session, 'webhookEndpoints');
    const place = { table: 'webhook_endpoints', column: 'signing_secret' };
    this.#signingSecret = new SecretField(encryptor, place);
  }

  async #toRow(endpoint: WebhookEndpoint): Promise<EndpointRow> {
    const { signingSecret } = endpoint;
    return {
      ...endpoint,
      signingSecret: signingSecret && (await this.#signingSecret.seal(signingSecret, endpoint)),
    };
  }

  async #fromRow(found: Row | null): Promise<WebhookEndpoint | null> {
    if (found === null) return null;
    const row = found as unknown as EndpointRow;
    const signingSecret =
      row.signingSecret === null ? null : await this.#signingSecret.open(row.signingSecret, row);
    return { ...row, signingSecret };
  }

  async findById(id: WebhookEndpointId): Promise<WebhookEndpoint | null> {
    if (!areIds(id)) return null;
    return this.#fromRow(await this.#rows.acrossTenants().findOne({ id }));
  }

  async find(
    tenantId: TenantId,
    installationId: InstallationId,
    slot: string,
  ): Promise<WebhookEndpoint | null> {
    if (!areIds(tenantId, installationId)) return null;
    return this.#fromRow(await this.#rows.of(tenantId).findOne({ installationId, slot }));
  }

  async ensure(endpoint: WebhookEndpoint): Promise<WebhookEndpoint> {
    const { tenantId, installationId, slot } = endpoint;
    const known = await this.find(tenantId, installationId, slot);
    if (known) return known;
    const row = await this.#toRow(endpoint);
    const kept = await ensureRow(this.#rows.of(tenantId), { installationId, slot }, row);
    return (await this.#fromRow(kept)) ?? endpoint;
  }

  async update(endpoint: WebhookEndpoint): Promise<boolean> {
    const { id, tenantId, signingSecret, connectionId, externalId, updatedAt } =
      await this.#toRow(endpoint);
    if (!areIds(id, tenantId)) return false;
    const set = this.#rows.codec.stored({ signingSecret, connectionId, externalId, updatedAt });
    return this.#rows.of(tenantId).update({ id }, { set });
  }

  async list(
    tenantId: TenantId,
    installationId: InstallationId,
  ): Promise<readonly WebhookEndpoint[]> {
    if (!areIds(tenantId, installationId)) return [];
    const order = { sort: { createdAt: 1, _id: 1 } } as const;
    const rows = await this.#rows.of(tenantId).find({ installationId }, order);
    const endpoints = await Promise.all(rows.map((row) => this.#fromRow(row)));
    return endpoints.filter((endpoint) => endpoint !== null);
  }
}
