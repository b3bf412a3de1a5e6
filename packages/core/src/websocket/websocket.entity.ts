import { describeEntity } from '../platform/entity-catalogue.js';

/** How connections of browsers are stored. */
export const websocketConnectionsEntity = describeEntity({
  table: 'websocket_connections',
  archived: false,
  fields: {
    id: 'text',
    tenantId: 'id',
    userId: 'id',
    scopes: 'texts',
    topics: 'texts',
    endpoint: 'text',
    connectedAt: 'moment',
    lastSeenAt: 'moment',
    expiresAt: 'moment',
  },
});
