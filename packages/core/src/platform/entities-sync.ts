import { describeEntity } from './entity-catalogue.js';
import type { EntityDescription } from './entity-catalogue.js';

/** What installations know of the records on their sides. */
export const syncEntities = {
  syncs: describeEntity({
    table: 'syncs',
    fields: {
      id: 'id',
      tenantId: 'id',
      installationId: 'id',
      name: 'text',
      direction: 'text',
      state: 'text',
      checkpoint: 'json?',
      watermark: 'text?',
      generation: 'whole',
      counts: 'json',
      error: 'json?',
      lastRunId: 'id?',
      startedAt: 'moment?',
      finishedAt: 'moment?',
      createdAt: 'moment',
      updatedAt: 'moment',
      version: 'whole',
    },
  }),
  records: describeEntity({
    table: 'records',
    key: ['syncId', 'side', 'externalId'],
    fields: {
      tenantId: 'id',
      installationId: 'id',
      syncId: 'id',
      side: 'text',
      externalId: 'text',
      hash: 'text',
      revision: 'text?',
      pairId: 'text?',
      generation: 'whole',
      change: 'text',
      deletedAt: 'moment?',
      updatedAt: 'moment',
    },
  }),
  associations: describeEntity({
    table: 'associations',
    fields: {
      id: 'id',
      tenantId: 'id',
      installationId: 'id',
      name: 'text',
      type: 'text',
      primaryObject: 'text',
      createdAt: 'moment',
    },
  }),
  associationObjects: describeEntity({
    table: 'association_objects',
    fields: {
      id: 'id',
      tenantId: 'id',
      installationId: 'id',
      associationId: 'id',
      connectionId: 'id',
      objectType: 'text',
      externalId: 'text',
      role: 'text',
      seat: 'text?',
      metadata: 'json',
      createdAt: 'moment',
      updatedAt: 'moment',
    },
  }),
  // Has no repository of its own: `mappings.count` and `records.count` read it. A count is the sum over its slots, among
  // which writers spread so that they do not wait for each other. Written with the rows that it counts, never by itself.
  rowCounts: describeEntity({
    table: 'row_counts',
    key: ['tenantId', 'installationId', 'name', 'slot'],
    archived: false,
    fields: {
      tenantId: 'id',
      installationId: 'id',
      /** `mappings:<kind>` or `records:<sync id>:<side>`. */
      name: 'text',
      slot: 'whole',
      total: 'whole',
    },
  }),
} satisfies Record<string, EntityDescription>;
