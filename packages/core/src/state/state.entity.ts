import { describeEntity } from '../platform/entity-catalogue.js';

/** How state is stored. */
export const statesEntity = describeEntity({
  table: 'states',
  key: ['tenantId', 'namespace', 'key'],
  fields: {
    tenantId: 'id',
    namespace: 'text',
    key: 'text',
    value: 'json?',
    version: 'whole',
    expiresAt: 'moment?',
    updatedAt: 'moment',
  },
});
