import { describeEntity } from '../platform/entity-catalogue.js';

/** How webhook endpoints are stored. */
export const webhookEndpointsEntity = describeEntity({
  table: 'webhook_endpoints',
  fields: {
    id: 'id',
    tenantId: 'id',
    installationId: 'id',
    slot: 'text',
    connectionId: 'id',
    connector: 'text',
    signingSecret: 'secret?',
    externalId: 'text?',
    createdAt: 'moment',
    updatedAt: 'moment',
  },
});

/** How webhook deliveries are stored. */
export const webhookDeliveriesEntity = describeEntity({
  table: 'webhook_deliveries',
  fields: {
    id: 'id',
    tenantId: 'id',
    installationId: 'id',
    endpointId: 'id',
    deliveryKey: 'text',
    body: 'secret',
    contentType: 'text',
    status: 'text',
    reason: 'text?',
    createdAt: 'moment',
    settledAt: 'moment?',
  },
});
