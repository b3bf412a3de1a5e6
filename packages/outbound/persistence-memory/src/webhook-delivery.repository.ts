import type {
  EncryptionContext,
  InstallationId,
  Page,
  PageQuery,
  TenantId,
  WebhookDelivery,
  WebhookDeliveryId,
  WebhookDeliveryRepository,
  WebhookDeliveryStatus,
} from '@tenon/core';
import type { Access } from './access.js';
import type { WebhookDeliveryRow } from './database.js';
import { matches, owned, pageOf, where } from './rows.js';
import type { Sealer } from './sealer.js';

export class MemoryWebhookDeliveryRepository implements WebhookDeliveryRepository {
  constructor(
    private readonly access: Access,
    private readonly sealer: Sealer,
  ) {}

  async insert(delivery: WebhookDelivery): Promise<boolean> {
    const body = await this.sealer.seal(delivery.body, placeOf(delivery));
    return this.access.run(({ webhookDeliveries }) => {
      const { endpointId, deliveryKey } = delivery;
      if (webhookDeliveries.by('deliveryKey', `${endpointId}/${deliveryKey}`)) return false;
      webhookDeliveries.insert({ ...delivery, body });
      return true;
    });
  }

  async find(tenantId: TenantId, id: WebhookDeliveryId): Promise<WebhookDelivery | null> {
    const row = await this.access.run(
      ({ webhookDeliveries }) => owned(webhookDeliveries, tenantId, id) ?? null,
    );
    return row && this.#open(row);
  }

  settle(
    tenantId: TenantId,
    id: WebhookDeliveryId,
    change: {
      readonly status: WebhookDeliveryStatus;
      readonly reason: string | null;
      readonly at: Date | null;
    },
  ): Promise<boolean> {
    return this.access.run(({ webhookDeliveries }) => {
      const current = owned(webhookDeliveries, tenantId, id);
      if (!current) return false;
      const { status, reason, at: settledAt } = change;
      webhookDeliveries.put({ ...current, status, reason, settledAt });
      return true;
    });
  }

  async list(
    tenantId: TenantId,
    filter: { readonly installationId?: InstallationId; readonly status?: WebhookDeliveryStatus },
    page: PageQuery,
  ): Promise<Page<WebhookDelivery>> {
    const rows = await this.access.run(({ webhookDeliveries }) => {
      const found = where(
        webhookDeliveries.group('tenant', tenantId),
        ({ installationId, status }) =>
          matches(filter.installationId, installationId) && matches(filter.status, status),
      );
      return pageOf(found, page);
    });
    return { ...rows, items: await Promise.all(rows.items.map((row) => this.#open(row))) };
  }

  async #open(row: WebhookDeliveryRow): Promise<WebhookDelivery> {
    return { ...row, body: await this.sealer.open(row.body, placeOf(row)) };
  }
}

function placeOf({ tenantId, id }: Pick<WebhookDelivery, 'tenantId' | 'id'>): EncryptionContext {
  return { tenantId, table: 'webhook_deliveries', column: 'body', rowId: id };
}
