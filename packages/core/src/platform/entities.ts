import { auditEntity, auditHeadsEntity } from '../audit/audit.entity.js';
import { filesEntity } from '../file/file.entity.js';
import { statesEntity } from '../state/state.entity.js';
import { usageCountersEntity } from '../usage/usage.entity.js';
import { webhookDeliveriesEntity, webhookEndpointsEntity } from '../webhook/webhook.entity.js';
import { websocketConnectionsEntity } from '../websocket/websocket.entity.js';
import { describeEntity } from './entity-catalogue.js';
import type { EntityDescription } from './entity-catalogue.js';
import { syncEntities } from './entities-sync.js';

/**
 * Every stored entity, by the name of its repository, owners before what they own. Both schemas are tested against it; archives,
 * re-encryption and row-level security go through it, so that a new entity is covered by being described.
 */
export const entities = {
  tenants: describeEntity({
    table: 'tenants',
    tenant: 'id',
    fields: {
      id: 'id',
      name: 'text',
      status: 'text',
      createdAt: 'moment',
      updatedAt: 'moment',
      version: 'whole',
    },
  }),
  users: describeEntity({
    table: 'users',
    fields: {
      id: 'id',
      tenantId: 'id',
      kind: 'text',
      username: 'text?',
      email: 'text?',
      appUserId: 'text?',
      passwordHash: 'json?',
      status: 'text',
      failedLogins: 'whole',
      lockedUntil: 'moment?',
      createdAt: 'moment',
      updatedAt: 'moment',
      version: 'whole',
    },
  }),
  memberships: describeEntity({
    table: 'memberships',
    fields: {
      id: 'id',
      tenantId: 'id',
      organizationId: 'id',
      userId: 'id',
      role: 'text',
      createdAt: 'moment',
      updatedAt: 'moment',
      version: 'whole',
    },
  }),
  tokens: describeEntity({
    table: 'tokens',
    fields: {
      id: 'id',
      tenantId: 'id',
      userId: 'id',
      label: 'text',
      hash: 'text',
      scopes: 'texts',
      expiresAt: 'moment?',
      lastUsedAt: 'moment?',
      revokedAt: 'moment?',
      createdAt: 'moment',
    },
  }),
  connections: describeEntity({
    table: 'connections',
    fields: {
      id: 'id',
      tenantId: 'id',
      userId: 'id',
      connector: 'text',
      name: 'text',
      state: 'text',
      externalId: 'text',
      profile: 'json',
      scopes: 'texts',
      problem: 'json?',
      lastTestedAt: 'moment?',
      createdAt: 'moment',
      updatedAt: 'moment',
      version: 'whole',
    },
  }),
  credentials: describeEntity({
    table: 'credentials',
    fields: {
      id: 'id',
      tenantId: 'id',
      connectionId: 'id',
      material: 'secret',
      expiresAt: 'moment?',
      refreshFence: 'whole?',
      refreshStartedAt: 'moment?',
      refreshNotBefore: 'moment?',
      createdAt: 'moment',
      updatedAt: 'moment',
      version: 'whole',
    },
  }),
  authorizationSessions: describeEntity({
    table: 'authorization_sessions',
    archived: false,
    fields: {
      id: 'id',
      tenantId: 'id',
      userId: 'id',
      connector: 'text',
      connectionId: 'id?',
      stateHash: 'text',
      browserHash: 'text',
      codeVerifier: 'secret',
      redirectUri: 'text',
      returnTo: 'text?',
      name: 'text?',
      step: 'whole',
      totalSteps: 'whole',
      stepData: 'secret?',
      expiresAt: 'moment',
      usedAt: 'moment?',
      createdAt: 'moment',
    },
  }),
  installations: describeEntity({
    table: 'installations',
    fields: {
      id: 'id',
      tenantId: 'id',
      userId: 'id',
      integration: 'text',
      integrationVersion: 'text',
      name: 'text',
      status: 'text',
      config: 'json',
      connections: 'json',
      connectionIds: 'ids',
      connectionsKey: 'text',
      messages: 'json',
      createdAt: 'moment',
      updatedAt: 'moment',
      version: 'whole',
    },
  }),
  mappings: describeEntity({
    table: 'mappings',
    key: ['installationId', 'kind', 'sourceId'],
    fields: {
      tenantId: 'id',
      installationId: 'id',
      kind: 'text',
      sourceId: 'text',
      targetId: 'text?',
      hash: 'text?',
      state: 'json?',
      updatedAt: 'moment',
    },
  }),
  ...syncEntities,
  runs: describeEntity({
    table: 'runs',
    fields: {
      id: 'id',
      tenantId: 'id',
      installationId: 'id',
      job: 'text',
      input: 'json?',
      parentId: 'id?',
      key: 'text?',
      state: 'text',
      total: 'whole?',
      processed: 'whole',
      succeeded: 'whole',
      failed: 'whole',
      skipped: 'whole',
      checkpoint: 'json?',
      pendingJobs: 'whole',
      deadJobs: 'whole',
      error: 'json?',
      result: 'json?',
      startedAt: 'moment?',
      finishedAt: 'moment?',
      createdAt: 'moment',
      updatedAt: 'moment',
      version: 'whole',
    },
  }),
  inbox: describeEntity({
    table: 'inbox',
    key: ['tenantId', 'key'],
    archived: false,
    fields: {
      tenantId: 'id',
      key: 'text',
      installationId: 'id',
      owner: 'text',
      attempts: 'whole',
      leaseUntil: 'moment?',
      keepUntil: 'moment?',
    },
  }),
  outbox: describeEntity({
    table: 'outbox',
    archived: false,
    fields: {
      id: 'id',
      tenantId: 'id',
      position: 'whole',
      queue: 'text',
      groupId: 'text?',
      delayMs: 'whole',
      message: 'json',
      availableAt: 'moment',
      createdAt: 'moment',
    },
  }),
  deadLetters: describeEntity({
    table: 'dead_letters',
    fields: {
      id: 'id',
      tenantId: 'id',
      installationId: 'id',
      runId: 'id?',
      queue: 'text',
      groupId: 'text?',
      message: 'json',
      reason: 'text',
      error: 'json',
      attempts: 'whole',
      createdAt: 'moment',
    },
  }),
  leases: describeEntity({
    table: 'leases',
    key: ['key'],
    tenant: null,
    archived: false,
    fields: { key: 'text', owner: 'text', fence: 'whole', expiresAt: 'moment' },
  }),
  keyRotations: describeEntity({
    table: 'key_rotations',
    key: ['keyId'],
    tenant: null,
    archived: false,
    fields: {
      keyId: 'text',
      position: 'json?',
      scanned: 'whole',
      rewritten: 'whole',
      unreadable: 'whole',
      startedAt: 'moment',
      updatedAt: 'moment',
      finishedAt: 'moment?',
    },
  }),
  webhookEndpoints: webhookEndpointsEntity,
  webhookDeliveries: webhookDeliveriesEntity,
  states: statesEntity,
  usageCounters: usageCountersEntity,
  websocketConnections: websocketConnectionsEntity,
  files: filesEntity,
  auditHeads: auditHeadsEntity,
  audit: auditEntity,
} satisfies Record<string, EntityDescription>;

/** Name of an entity: that of its repository. */
export type EntityName = keyof typeof entities;

/** Every entity, what is owned before its owners: the order in which rows are deleted. */
export const childrenFirst: readonly EntityName[] = (
  Object.keys(entities) as EntityName[]
).reverse();

/** What is a user's alone and goes with it, children first. Connections and installations are in the way of its deletion instead. */
export const ownedByUser: readonly EntityName[] = ownedThrough('userId').filter(
  (name) => name !== 'connections' && name !== 'installations',
);

/** What is a connection's alone and goes with it, children first. What installations keep about it is theirs. */
export const ownedByConnection: readonly EntityName[] = ownedThrough('connectionId').filter(
  (name) => !('installationId' in entities[name].fields),
);

/** What is an installation's alone and goes with it, children first; with it go the states in its namespace. */
export const ownedByInstallation: readonly EntityName[] = ownedThrough('installationId');

function ownedThrough(field: string): readonly EntityName[] {
  return childrenFirst.filter((name) => {
    const entity: EntityDescription = entities[name];
    return !entity.outlives && field in entity.fields;
  });
}
