import { describeEntity } from '../platform/entity-catalogue.js';

/** How tracked files are stored. */
export const filesEntity = describeEntity({
  table: 'files',
  fields: {
    id: 'id',
    tenantId: 'id',
    installationId: 'id?',
    name: 'text',
    contentType: 'text',
    sizeBytes: 'whole64',
    checksum: 'text?',
    location: 'text',
    status: 'text',
    metadata: 'json',
    expiresAt: 'moment?',
    createdAt: 'moment',
    updatedAt: 'moment',
    version: 'whole',
  },
});
