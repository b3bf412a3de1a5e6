import { describeEntity } from '../platform/entity-catalogue.js';

/** How the ends of audit trails are stored. */
export const auditHeadsEntity = describeEntity({
  table: 'audit_heads',
  key: ['tenantId'],
  outlives: true,
  fields: { tenantId: 'id', sequence: 'whole', hash: 'text', updatedAt: 'moment' },
});

/** How audit entries are stored. */
export const auditEntity = describeEntity({
  table: 'audit',
  outlives: true,
  appendOnly: true,
  fields: {
    id: 'id',
    tenantId: 'id',
    sequence: 'whole',
    createdAt: 'moment',
    actorKind: 'text',
    actorUserId: 'id?',
    action: 'text',
    subjectType: 'text',
    subjectId: 'text',
    details: 'json',
    requestId: 'text',
    previousHash: 'text',
    hash: 'text',
  },
});
