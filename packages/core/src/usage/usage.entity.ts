import { describeEntity } from '../platform/entity-catalogue.js';

/** How usage counters are stored; `NO_INSTALLATION` stands for none. */
export const usageCountersEntity = describeEntity({
  table: 'usage_counters',
  outlives: true,
  key: ['tenantId', 'metric', 'windowUnit', 'windowStart', 'installationId'],
  fields: {
    tenantId: 'id',
    metric: 'text',
    windowUnit: 'text',
    windowStart: 'moment',
    installationId: 'id',
    count: 'whole64',
    updatedAt: 'moment',
  },
});
