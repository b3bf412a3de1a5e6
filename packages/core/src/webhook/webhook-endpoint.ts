import type { Brand } from '../platform/brand.js';
import type { Secret } from '../platform/secret.js';
import type { ConnectionId } from '../connection/connection.js';
import type { InstallationId } from '../installation/installation.js';
import type { TenantId } from '../tenant/tenant.js';

export type WebhookEndpointId = Brand<string, 'WebhookEndpointId'>;

/** The address at which one provider account reports to one installation. */
export interface WebhookEndpoint {
  readonly id: WebhookEndpointId;
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  /** Slot of the integration whose connection reports here. Unique per installation. */
  readonly slot: string;
  readonly connectionId: ConnectionId;
  readonly connector: string;
  /** What the provider signs with; null until it is known, and deliveries are refused until then. */
  readonly signingSecret: Secret<string> | null;
  /** The provider's id of the subscription, to end it later. */
  readonly externalId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type WebhookDeliveryId = Brand<string, 'WebhookDeliveryId'>;

/** Every accepted delivery ends as `processed`, `skipped` or `dead`. */
export type WebhookDeliveryStatus = 'accepted' | 'processed' | 'skipped' | 'dead';

/** One verified delivery, kept as it came. */
export interface WebhookDelivery {
  readonly id: WebhookDeliveryId;
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly endpointId: WebhookEndpointId;
  /** The provider's id of the delivery; unique per endpoint, so that a repeated delivery is accepted once. */
  readonly deliveryKey: string;
  /** Raw body as UTF-8 text. Encrypted at rest: it may hold personal data. */
  readonly body: Secret<string>;
  readonly contentType: string;
  readonly status: WebhookDeliveryStatus;
  /** Why it was skipped or died. */
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}
