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
import { insertUnless } from './ensure-row.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Row } from './scoped-reads.js';
import { SecretField } from './secret-field.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

type DeliveryRow = Omit<WebhookDelivery, 'body'> & { readonly body: string };

export class MongodbWebhookDeliveryRepository implements WebhookDeliveryRepository {
  readonly #rows: Rows;
  readonly #body: SecretField<string>;

  constructor(session: Session, encryptor: Encryptor) {
    this.#rows = new Rows(session, 'webhookDeliveries');
    this.#body = new SecretField(encryptor, { table: 'webhook_deliveries', column: 'body' });
  }

  async #fromRow(found: Row): Promise<WebhookDelivery> {
    const row = found as unknown as DeliveryRow;
    return { ...row, body: await this.#body.open(row.body, row) };
  }

  async insert(delivery: WebhookDelivery): Promise<boolean> {
    const { tenantId, endpointId, deliveryKey } = delivery;
    const row = { ...delivery, body: await this.#body.seal(delivery.body, delivery) };
    return insertUnless(this.#rows.of(tenantId), { endpointId, deliveryKey }, row);
  }

  async find(tenantId: TenantId, id: WebhookDeliveryId): Promise<WebhookDelivery | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#rows.of(tenantId).findOne({ id });
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
    const { status, reason, at: settledAt } = change;
    const set = this.#rows.codec.stored({ status, reason, settledAt });
    return this.#rows.of(tenantId).update({ id }, { set });
  }

  async list(
    tenantId: TenantId,
    filter: { readonly installationId?: InstallationId; readonly status?: WebhookDeliveryStatus },
    page: PageQuery,
  ): Promise<Page<WebhookDelivery>> {
    const { installationId, status } = filter;
    if (!areIds(tenantId, installationId)) return toPage<WebhookDelivery>([], page.limit);
    const { filter: where, ...order } = pageOf({ installationId, status }, page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(await Promise.all(rows.map((row) => this.#fromRow(row))), page.limit);
  }
}
