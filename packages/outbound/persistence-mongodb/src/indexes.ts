import { entities, type EntityDescription, type EntityName } from '@tenon/core';

/** An index as it is described: by `prisma-mongodb/schema.prisma`, and here for the server. */
export interface IndexDescription {
  readonly table: string;
  readonly name: string;
  /** Fields in order, by their names in documents. */
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique: boolean;
  /** A unique index counts only documents in which this field is set. */
  readonly where?: string;
}

type Key = IndexDescription['key'];
type Indexes = Partial<Record<EntityName, Readonly<Record<string, Key>>>>;

const list: Key = { tenantId: 1, createdAt: -1, _id: -1 };
const newest = (field: string): Key => ({ [field]: 1, createdAt: -1, _id: -1 });

const UNIQUE: Indexes = {
  connections: {
    account_key: { tenantId: 1, userId: 1, connector: 1, externalId: 1 },
  },
  memberships: { member_key: { organizationId: 1, userId: 1 } },
  schedules: { name_key: { installationId: 1, name: 1 } },
  credentials: { connection_key: { connectionId: 1 } },
  authorizationSessions: { state_key: { stateHash: 1 } },
  installations: { connections_key: { tenantId: 1, integration: 1, connectionsKey: 1 } },
  syncs: { name_key: { installationId: 1, name: 1 } },
  associations: { name_key: { installationId: 1, name: 1 } },
  associationObjects: {
    object_key: { associationId: 1, connectionId: 1, objectType: 1, externalId: 1 },
  },
  webhookEndpoints: { slot_key: { installationId: 1, slot: 1 } },
  webhookDeliveries: { key: { endpointId: 1, deliveryKey: 1 } },
  audit: { sequence_key: { tenantId: 1, sequence: 1 } },
};

/** Unique among the rows in which the last field is set: null is no value here. */
const UNIQUE_WHERE_SET: Indexes = {
  users: { username_key: { tenantId: 1, username: 1 }, app_user_id_key: { appUserId: 1 } },
  associationObjects: { seat_key: { associationId: 1, seat: 1 } },
  runs: { key: { installationId: 1, key: 1 } },
};

const PLAIN: Indexes = {
  tenants: { list_idx: { createdAt: -1, _id: -1 }, status_idx: { status: 1, _id: 1 } },
  users: { list_idx: list },
  memberships: {
    list_idx: list,
    organization_idx: newest('organizationId'),
    user_idx: newest('userId'),
  },
  tokens: { list_idx: list, user_idx: newest('userId') },
  connections: { list_idx: list, user_idx: newest('userId') },
  authorizationSessions: { expiry_idx: { expiresAt: 1 }, connection_idx: { connectionId: 1 } },
  installations: {
    list_idx: list,
    user_idx: newest('userId'),
    schedule_idx: { integration: 1, status: 1, _id: 1 },
    status_idx: { status: 1, _id: 1 },
    connection_ids_idx: { connectionIds: 1 },
  },
  mappings: { target_idx: { installationId: 1, kind: 1, targetId: 1 } },
  records: { installation_idx: { installationId: 1 } },
  syncs: { list_idx: list },
  schedules: {
    list_idx: list,
    installation_idx: newest('installationId'),
    due_idx: { nextAt: 1 },
  },
  associations: { list_idx: list },
  associationObjects: {
    list_idx: newest('associationId'),
    object_idx: { connectionId: 1, objectType: 1, externalId: 1, createdAt: -1, _id: -1 },
    installation_idx: newest('installationId'),
  },
  runs: {
    list_idx: list,
    installation_idx: newest('installationId'),
    parent_idx: { parentId: 1 },
  },
  inbox: { expiry_idx: { keepUntil: 1 }, installation_idx: { installationId: 1 } },
  outbox: { order_idx: { position: 1, availableAt: 1 }, age_idx: { createdAt: 1 } },
  deadLetters: {
    list_idx: list,
    installation_idx: newest('installationId'),
    run_idx: { runId: 1 },
    parked_idx: { reason: 1, installationId: 1, createdAt: 1 },
  },
  webhookDeliveries: { list_idx: list, installation_idx: newest('installationId') },
  states: { expiry_idx: { expiresAt: 1 } },
  usageCounters: {
    window_idx: { tenantId: 1, windowUnit: 1, windowStart: 1 },
    age_idx: { windowUnit: 1, windowStart: 1 },
  },
  websocketConnections: {
    list_idx: { tenantId: 1, _id: 1 },
    user_idx: { userId: 1, _id: 1 },
    topics_idx: { topics: 1 },
    expiry_idx: { expiresAt: 1 },
  },
  audit: {
    list_idx: list,
    subject_idx: { tenantId: 1, subjectType: 1, subjectId: 1, createdAt: -1, _id: -1 },
  },
  files: {
    list_idx: list,
    installation_idx: newest('installationId'),
    checksum_idx: { tenantId: 1, checksum: 1 },
    expiry_idx: { expiresAt: 1 },
    status_idx: { status: 1, createdAt: 1 },
  },
};

/**
 * Reads of a whole tenant in the order of `_id`, page by page: archives. Of what is not moved there are few rows, or other
 * indexes that begin with the tenant; where the `_id` begins with it, none is needed.
 */
const BY_TENANT: Indexes = Object.fromEntries(
  Object.entries<EntityDescription>(entities)
    .filter(([, { archived, key, tenant }]) => archived && tenant === 'tenantId' && key[0] === 'id')
    .map(([name]) => [name, { tenant_idx: { tenantId: 1, _id: 1 } }]),
);

function described(indexes: Indexes, unique: boolean, whereSet = false): IndexDescription[] {
  return Object.entries(indexes).flatMap(([entity, byName]) => {
    const { table } = entities[entity as EntityName];
    return Object.entries(byName).map(([name, key]): IndexDescription => {
      const last = Object.keys(key).at(-1);
      const where = whereSet && last !== undefined ? { where: last } : {};
      return { table, name: `${table}_${name}`, key, unique, ...where };
    });
  });
}

/** Every index besides the one on `_id`, which each collection has. */
export const INDEXES: readonly IndexDescription[] = [
  ...described(UNIQUE, true),
  ...described(UNIQUE_WHERE_SET, true, true),
  ...described(PLAIN, false),
  ...described(BY_TENANT, false),
];
