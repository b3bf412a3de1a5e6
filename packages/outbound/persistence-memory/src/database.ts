import { installationNamespace } from '@tenon/core';
import type {
  Association,
  AssociationObject,
  AuditEntry,
  AuditHead,
  AuthorizationSession,
  Connection,
  Credential,
  DeadLetter,
  InboxClaim,
  Installation,
  InstallationId,
  KeyRotation,
  Lease,
  Membership,
  OutgoingJob,
  Run,
  Schedule,
  Sync,
  StateEntry,
  TrackedFile,
  UsageCounter,
  UsageCounterKey,
  WebsocketConnection,
  Tenant,
  TenantId,
  Token,
  User,
  WebhookDelivery,
  WebhookEndpoint,
} from '@tenon/core';
import { Journal } from './journal.js';
import { MappingTable } from './mapping-table.js';
import { RecordTable } from './record-table.js';
import type { SealedRow } from './sealer.js';
import { Table } from './table.js';

export type CredentialRow = SealedRow<Credential, 'material'>;
export type AuthorizationSessionRow = SealedRow<AuthorizationSession, 'codeVerifier' | 'stepData'>;
export type WebhookEndpointRow = SealedRow<WebhookEndpoint, 'signingSecret'>;
export type WebhookDeliveryRow = SealedRow<WebhookDelivery, 'body'>;

export interface AuditHeadRow extends AuditHead {
  readonly tenantId: TenantId;
  readonly updatedAt: Date;
}

export interface InboxRow extends Pick<InboxClaim, 'tenantId' | 'installationId' | 'key'> {
  /** Null when nobody is at work. */
  readonly owner: string | null;
  readonly leaseUntil: Date | null;
  readonly attempts: number;
  /** Set when the key is done. */
  readonly keepUntil: Date | null;
}

export interface OutboxRow {
  readonly job: OutgoingJob;
  readonly availableAt: Date;
  readonly createdAt: Date;
  readonly id: string;
}

export interface ScheduleRow extends Schedule {
  readonly leaseOwner: string | null;
  readonly leaseUntil: Date | null;
}

export interface LeaseRow extends Omit<Lease, 'owner'> {
  readonly owner: string | null;
}

const id = ({ id }: { readonly id: string }): string => id;
const tenant = ({ tenantId }: { readonly tenantId: string }): string => tenantId;
const owner = (row: { readonly tenantId: string; readonly installationId: string }): string =>
  installationOf(row.tenantId, row.installationId);

/** Names the rows of one installation of one tenant. */
export function installationOf(tenantId: string, installationId: string): string {
  return `${tenantId}/${installationId}`;
}

const INSTALLATION = installationNamespace('' as InstallationId);

/** Names an entry of the state. */
export function stateOf(tenantId: string, namespace: string, key: string): string {
  return JSON.stringify([tenantId, namespace, key]);
}

/** Names a usage counter. */
export function counterOf(row: UsageCounterKey & { readonly tenantId: string }): string {
  const { tenantId, metric, windowUnit, windowStart, installationId } = row;
  return JSON.stringify([tenantId, metric, windowUnit, windowStart.getTime(), installationId]);
}

/** Names an account within all connections. */
export function accountOf(
  tenantId: string,
  account: Pick<Connection, 'userId' | 'connector' | 'externalId'>,
): string {
  return `${tenantId}/${account.userId}/${account.connector}/${account.externalId}`;
}

/** Names an object within all associations. */
export function objectOf(
  row: Pick<AssociationObject, 'associationId' | 'connectionId' | 'objectType' | 'externalId'>,
): string {
  return JSON.stringify([row.associationId, row.connectionId, row.objectType, row.externalId]);
}

/** All rows of all tenants. */
export class Database {
  readonly journal = new Journal();
  readonly tenants = this.#table<Tenant>({ thing: 'tenant', key: id });
  readonly users = this.#table<User>({
    thing: 'user',
    key: id,
    unique: {
      username: ({ tenantId, username }) => (username === null ? null : `${tenantId}/${username}`),
      appUserId: ({ appUserId }) => appUserId,
    },
    groups: { tenant },
  });
  readonly memberships = this.#table<Membership>({
    thing: 'membership',
    key: id,
    unique: { member: (row) => `${row.organizationId}/${row.userId}` },
    groups: {
      tenant,
      organization: ({ organizationId }) => organizationId,
      user: ({ userId }) => userId,
    },
  });
  readonly tokens = this.#table<Token>({
    thing: 'token',
    key: id,
    groups: { tenant, user: ({ userId }) => userId },
  });
  readonly connections = this.#table<Connection>({
    thing: 'connection',
    key: id,
    unique: { account: (row) => accountOf(row.tenantId, row) },
    groups: { tenant },
  });
  readonly credentials = this.#table<CredentialRow>({
    thing: 'credential',
    key: id,
    unique: { connection: ({ connectionId }) => connectionId },
  });
  readonly authorizationSessions = this.#table<AuthorizationSessionRow>({
    thing: 'authorization session',
    key: id,
    unique: { state: ({ stateHash }) => stateHash },
    groups: { connection: ({ connectionId }) => connectionId },
  });
  readonly installations = this.#table<Installation>({
    thing: 'installation',
    key: id,
    unique: {
      connections: (row) => `${row.tenantId}/${row.integration}/${row.connectionsKey}`,
    },
    groups: { tenant, integration: ({ integration }) => integration },
  });
  readonly mappings = new MappingTable(this.journal);
  readonly syncs = this.#table<Sync>({
    thing: 'sync',
    key: id,
    unique: { name: (row) => `${owner(row)}/${row.name}` },
    groups: { tenant, installation: owner },
  });
  readonly records = new RecordTable(this.journal);
  readonly associations = this.#table<Association>({
    thing: 'association',
    key: id,
    unique: { name: (row) => `${owner(row)}/${row.name}` },
    groups: { tenant, installation: owner },
  });
  readonly associationObjects = this.#table<AssociationObject>({
    thing: 'association object',
    key: id,
    unique: {
      object: objectOf,
      seat: (row) => (row.seat === null ? null : `${row.associationId}/${row.seat}`),
    },
    groups: { tenant, installation: owner, association: (row) => row.associationId },
  });
  readonly schedules = this.#table<ScheduleRow>({
    thing: 'schedule',
    key: id,
    unique: { name: (row) => `${owner(row)}/${row.name}` },
    groups: {
      tenant,
      installation: owner,
      planned: ({ nextAt }) => (nextAt === null ? null : 'planned'),
    },
  });
  readonly runs = this.#table<Run>({
    thing: 'run',
    key: id,
    unique: { key: (row) => (row.key === null ? null : `${owner(row)}/${row.key}`) },
    groups: { tenant, installation: owner },
  });
  readonly inbox = this.#table<InboxRow>({
    thing: 'inbox entry',
    key: ({ tenantId, key }) => `${tenantId}/${key}`,
    groups: { installation: owner, done: ({ keepUntil }) => (keepUntil === null ? null : 'done') },
  });
  readonly outbox = this.#table<OutboxRow>({ thing: 'outbox entry', key: id });
  readonly deadLetters = this.#table<DeadLetter>({
    thing: 'dead letter',
    key: id,
    groups: { tenant, installation: owner },
  });
  readonly leases = this.#table<LeaseRow>({ thing: 'lease', key: ({ key }) => key });
  readonly keyRotations = this.#table<KeyRotation>({
    thing: 'key rotation',
    key: ({ keyId }) => keyId,
  });
  readonly webhookEndpoints = this.#table<WebhookEndpointRow>({
    thing: 'webhook endpoint',
    key: id,
    unique: { slot: (row) => `${owner(row)}/${row.slot}` },
    groups: { installation: owner },
  });
  readonly webhookDeliveries = this.#table<WebhookDeliveryRow>({
    thing: 'webhook delivery',
    key: id,
    unique: { deliveryKey: (row) => `${row.endpointId}/${row.deliveryKey}` },
    groups: { tenant, installation: owner },
  });

  readonly states = this.#table<StateEntry>({
    thing: 'state',
    key: ({ tenantId, namespace, key }) => stateOf(tenantId, namespace, key),
    groups: {
      scope: ({ tenantId, namespace }) => `${tenantId}/${namespace}`,
      installation: ({ tenantId, namespace }) =>
        namespace.startsWith(INSTALLATION)
          ? installationOf(tenantId, namespace.slice(INSTALLATION.length))
          : null,
    },
  });

  readonly usageCounters = this.#table<UsageCounter>({
    thing: 'usage counter',
    key: counterOf,
    groups: { tenant },
  });
  readonly websocketConnections = this.#table<WebsocketConnection>({
    thing: 'websocket connection',
    key: id,
    groups: { tenant, user: ({ userId }) => userId },
  });
  readonly files = this.#table<TrackedFile>({
    thing: 'file',
    key: id,
    groups: {
      tenant,
      installation: ({ tenantId, installationId }) =>
        installationId === null ? null : installationOf(tenantId, installationId),
    },
  });

  readonly audit = this.#table<AuditEntry>({
    thing: 'audit entry',
    key: id,
    unique: { sequence: ({ tenantId, sequence }) => `${tenantId}/${sequence}` },
    groups: { tenant },
  });
  readonly auditHeads = this.#table<AuditHeadRow>({ thing: 'audit head', key: tenant });

  #table<Row extends object>(rules: ConstructorParameters<typeof Table<Row>>[0]): Table<Row> {
    return new Table(rules, this.journal);
  }
}
