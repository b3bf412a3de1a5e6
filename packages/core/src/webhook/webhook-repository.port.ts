import type { InstallationId } from '../installation/installation.js';
import type { Page, PageQuery } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type {
  WebhookDelivery,
  WebhookDeliveryId,
  WebhookDeliveryStatus,
  WebhookEndpoint,
  WebhookEndpointId,
} from './webhook-endpoint.js';

export interface WebhookEndpointRepository {
  /** Across tenants, by the unguessable id in the address: the tenant comes from the row. */
  findById(id: WebhookEndpointId): Promise<WebhookEndpoint | null>;
  find(
    tenantId: TenantId,
    installationId: InstallationId,
    slot: string,
  ): Promise<WebhookEndpoint | null>;
  /** Inserts, or answers the endpoint that the installation and slot have already. */
  ensure(endpoint: WebhookEndpoint): Promise<WebhookEndpoint>;
  /** Replaces secret, connection and external id. False when there is none. */
  update(endpoint: WebhookEndpoint): Promise<boolean>;
  list(tenantId: TenantId, installationId: InstallationId): Promise<readonly WebhookEndpoint[]>;
}

export interface WebhookDeliveryRepository {
  /** False when the endpoint has a delivery with this key already; then nothing is stored. */
  insert(delivery: WebhookDelivery): Promise<boolean>;
  find(tenantId: TenantId, id: WebhookDeliveryId): Promise<WebhookDelivery | null>;
  /** False when there is none. */
  settle(
    tenantId: TenantId,
    id: WebhookDeliveryId,
    change: {
      readonly status: WebhookDeliveryStatus;
      readonly reason: string | null;
      readonly at: Date | null;
    },
  ): Promise<boolean>;
  list(
    tenantId: TenantId,
    filter: { readonly installationId?: InstallationId; readonly status?: WebhookDeliveryStatus },
    page: PageQuery,
  ): Promise<Page<WebhookDelivery>>;
}
