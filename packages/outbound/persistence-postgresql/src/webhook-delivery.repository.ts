import {
  toPage,
  type Encryptor,
  type InstallationId,
  type Page,
  type PageQuery,
  type TenantId,
  type WebhookDelivery,
  type WebhookDeliveryId,
  type WebhookDeliveryRepository,
  type WebhookDeliveryStatus,
} from '@tenon/core';
import { columns } from './columns.js';
import type { WebhookDelivery as DeliveryRow } from './generated/client.js';
import { pageArguments } from './page.js';
import { SecretField } from './secret-field.js';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

const ROW = columns<DeliveryRow>('webhook_deliveries', [
  'id',
  'tenantId',
  'installationId',
  'endpointId',
  'deliveryKey',
  'body',
  'contentType',
  'status',
  'reason',
  'createdAt',
  'settledAt',
]);

const INSERT = prepared(
  'webhook_deliveries.insert',
  `INSERT INTO webhook_deliveries ${ROW.insert} ON CONFLICT (endpoint_id, delivery_key) DO NOTHING`,
);

const FIND = prepared(
  'webhook_deliveries.find',
  `SELECT ${ROW.list} FROM webhook_deliveries WHERE id = $1 AND tenant_id = $2`,
);

const SETTLE = prepared(
  'webhook_deliveries.settle',
  `UPDATE webhook_deliveries SET status = $3, reason = $4, settled_at = $5 WHERE id = $1 AND tenant_id = $2`,
);

export class PostgresqlWebhookDeliveryRepository implements WebhookDeliveryRepository {
  readonly #session: Session;
  readonly #body: SecretField<string>;

  constructor(session: Session, encryptor: Encryptor) {
    this.#session = session;
    this.#body = new SecretField(encryptor, { table: 'webhook_deliveries', column: 'body' });
  }

  async #fromRow(row: DeliveryRow): Promise<WebhookDelivery> {
    return { ...row, body: await this.#body.open(row.body, row) } as WebhookDelivery;
  }

  async insert(delivery: WebhookDelivery): Promise<boolean> {
    const body = await this.#body.seal(delivery.body, delivery);
    return (await this.#session.run(INSERT, ROW.values({ ...delivery, body }))) > 0;
  }

  async find(tenantId: TenantId, id: WebhookDeliveryId): Promise<WebhookDelivery | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#session.row<DeliveryRow>(FIND, [id, tenantId]);
    return row && this.#fromRow(row);
  }

  async settle(
    tenantId: TenantId,
    id: WebhookDeliveryId,
    change: {
      readonly status: WebhookDeliveryStatus;
      readonly reason: string | null;
      readonly at: Date | null;
    },
  ): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    const values = [id, tenantId, change.status, change.reason, change.at];
    return (await this.#session.run(SETTLE, values)) > 0;
  }

  async list(
    tenantId: TenantId,
    filter: { readonly installationId?: InstallationId; readonly status?: WebhookDeliveryStatus },
    page: PageQuery,
  ): Promise<Page<WebhookDelivery>> {
    if (!areIds(tenantId, filter.installationId)) return toPage<WebhookDelivery>([], page.limit);
    const { where, ...rest } = pageArguments(page);
    const rows = await this.#session.prisma((prisma) =>
      prisma.webhookDelivery.findMany({ where: { tenantId, ...filter, ...where }, ...rest }),
    );
    return toPage(await Promise.all(rows.map((row) => this.#fromRow(row))), page.limit);
  }
}
