import type {
  Encryptor,
  InstallationId,
  TenantId,
  WebhookEndpoint,
  WebhookEndpointId,
  WebhookEndpointRepository,
} from '@tenon/core';
import { columns } from './columns.js';
import type { WebhookEndpoint as EndpointRow } from './generated/client.js';
import { SecretField } from './secret-field.js';
import { prepared, type Session, type Statement } from './session.js';
import { areIds } from './values.js';

const ROW = columns<EndpointRow>('webhook_endpoints', [
  'id',
  'tenantId',
  'installationId',
  'slot',
  'connectionId',
  'connector',
  'signingSecret',
  'externalId',
  'createdAt',
  'updatedAt',
]);

const FIND_BY_ID = prepared(
  'webhook_endpoints.find_by_id',
  `SELECT ${ROW.list} FROM webhook_endpoints WHERE id = $1`,
);

const FIND = prepared(
  'webhook_endpoints.find',
  `SELECT ${ROW.list} FROM webhook_endpoints WHERE installation_id = $1 AND slot = $2 AND tenant_id = $3`,
);

/** The empty update makes RETURNING answer the row that is there already. */
const ENSURE = prepared(
  'webhook_endpoints.ensure',
  `INSERT INTO webhook_endpoints ${ROW.insert}
   ON CONFLICT (installation_id, slot) DO UPDATE SET slot = excluded.slot RETURNING ${ROW.list}`,
);

const UPDATE = prepared(
  'webhook_endpoints.update',
  `UPDATE webhook_endpoints SET signing_secret = $3, connection_id = $4, external_id = $5, updated_at = $6
   WHERE id = $1 AND tenant_id = $2`,
);

export class PostgresqlWebhookEndpointRepository implements WebhookEndpointRepository {
  readonly #session: Session;
  readonly #signingSecret: SecretField<string>;

  constructor(session: Session, encryptor: Encryptor) {
    this.#session = session;
    this.#signingSecret = new SecretField(encryptor, {
      table: 'webhook_endpoints',
      column: 'signing_secret',
    });
  }

  async #toRow(endpoint: WebhookEndpoint): Promise<EndpointRow> {
    const { signingSecret } = endpoint;
    return {
      ...endpoint,
      signingSecret: signingSecret && (await this.#signingSecret.seal(signingSecret, endpoint)),
    };
  }

  async #fromRow(row: EndpointRow): Promise<WebhookEndpoint> {
    const signingSecret =
      row.signingSecret === null ? null : await this.#signingSecret.open(row.signingSecret, row);
    return { ...row, signingSecret } as WebhookEndpoint;
  }

  async #find(statement: Statement, values: readonly unknown[]): Promise<WebhookEndpoint | null> {
    const row = await this.#session.row<EndpointRow>(statement, values);
    return row && this.#fromRow(row);
  }

  async findById(id: WebhookEndpointId): Promise<WebhookEndpoint | null> {
    return areIds(id) ? this.#find(FIND_BY_ID, [id]) : null;
  }

  async find(
    tenantId: TenantId,
    installationId: InstallationId,
    slot: string,
  ): Promise<WebhookEndpoint | null> {
    if (!areIds(tenantId, installationId)) return null;
    return this.#find(FIND, [installationId, slot, tenantId]);
  }

  async ensure(endpoint: WebhookEndpoint): Promise<WebhookEndpoint> {
    const { tenantId, installationId, slot } = endpoint;
    const known = await this.find(tenantId, installationId, slot);
    if (known) return known;
    const stored = await this.#find(ENSURE, ROW.values(await this.#toRow(endpoint)));
    return stored ?? endpoint;
  }

  async update(endpoint: WebhookEndpoint): Promise<boolean> {
    const { id, tenantId, signingSecret, connectionId, externalId, updatedAt } =
      await this.#toRow(endpoint);
    if (!areIds(id, tenantId)) return false;
    const values = [id, tenantId, signingSecret, connectionId, externalId, updatedAt];
    return (await this.#session.run(UPDATE, values)) > 0;
  }

  async list(
    tenantId: TenantId,
    installationId: InstallationId,
  ): Promise<readonly WebhookEndpoint[]> {
    if (!areIds(tenantId, installationId)) return [];
    const rows = await this.#session.prisma((prisma) =>
      prisma.webhookEndpoint.findMany({
        where: { tenantId, installationId },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),
    );
    return Promise.all(rows.map((row) => this.#fromRow(row)));
  }
}
