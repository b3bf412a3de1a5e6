import type {
  AssociationObjectRepository,
  AssociationRepository,
} from '../association/association-repository.port.js';
import type { TenantArchive } from '../archive/tenant-archive.port.js';
import type { AuditRepository } from '../audit/audit-repository.port.js';
import type { AuthorizationSessionRepository } from '../connection/authorization-session-repository.port.js';
import type { ConnectionRepository } from '../connection/connection-repository.port.js';
import type { CredentialRepository } from '../credential/credential-repository.port.js';
import type { InstallationRepository } from '../installation/installation-repository.port.js';
import type { FileRepository } from '../file/file-repository.port.js';
import type { DeadLetterRepository } from '../job/dead-letter-repository.port.js';
import type { InboxRepository } from '../job/inbox-repository.port.js';
import type { OutboxRepository } from '../job/outbox-repository.port.js';
import type { KeyRotationRepository } from '../key/key-rotation-repository.port.js';
import type { SecretFields } from '../key/secret-fields.port.js';
import type { MappingRepository } from '../mapping/mapping-repository.port.js';
import type { MembershipRepository } from '../membership/membership-repository.port.js';
import type { RunRepository } from '../run/run-repository.port.js';
import type { ScheduleRepository } from '../schedule/schedule-repository.port.js';
import type { RecordRepository } from '../sync/record-repository.port.js';
import type { SyncRepository } from '../sync/sync-repository.port.js';
import type { KeyValueRepository } from '../state/key-value-repository.port.js';
import type { TenantDataRepository } from '../tenant/tenant-data-repository.port.js';
import type { TenantRepository } from '../tenant/tenant-repository.port.js';
import type { TokenRepository } from '../token/token-repository.port.js';
import type { UsageCounterRepository } from '../usage/usage-counter-repository.port.js';
import type { UserRepository } from '../user/user-repository.port.js';
import type {
  WebhookDeliveryRepository,
  WebhookEndpointRepository,
} from '../webhook/webhook-repository.port.js';
import type { WebsocketConnectionRepository } from '../websocket/websocket-connection-repository.port.js';
import type { LeaseRepository } from './lease-repository.port.js';

/** All repositories that one technology implements together. */
export interface Repositories {
  readonly tenants: TenantRepository;
  readonly tenantData: TenantDataRepository;
  readonly users: UserRepository;
  readonly memberships: MembershipRepository;
  readonly tokens: TokenRepository;
  readonly connections: ConnectionRepository;
  readonly credentials: CredentialRepository;
  readonly authorizationSessions: AuthorizationSessionRepository;
  readonly installations: InstallationRepository;
  readonly mappings: MappingRepository;
  readonly syncs: SyncRepository;
  readonly records: RecordRepository;
  readonly associations: AssociationRepository;
  readonly associationObjects: AssociationObjectRepository;
  readonly schedules: ScheduleRepository;
  readonly runs: RunRepository;
  readonly inbox: InboxRepository;
  readonly outbox: OutboxRepository;
  readonly deadLetters: DeadLetterRepository;
  readonly leases: LeaseRepository;
  readonly keyRotations: KeyRotationRepository;
  readonly webhookEndpoints: WebhookEndpointRepository;
  readonly webhookDeliveries: WebhookDeliveryRepository;
  readonly states: KeyValueRepository;
  readonly usageCounters: UsageCounterRepository;
  readonly websocketConnections: WebsocketConnectionRepository;
  readonly files: FileRepository;
  readonly audit: AuditRepository;
}

/** Differences between databases, as data. */
export interface PersistenceCapabilities {
  /** Rows survive the process. */
  readonly durable: boolean;
  /** Several processes may share the data. */
  readonly shared: boolean;
  /**
   * A transaction is all or nothing, and nobody sees it before its end. False where the database has no transactions (one
   * MongoDB server that belongs to no replica set): what a failed `work` wrote is taken back as well as it can be, others see
   * it meanwhile, and a process that ends in the middle leaves it. Adapters that ask the server say what is true once they
   * are prepared.
   */
  readonly transactions: boolean;
}

/** A database. */
export interface Persistence extends Repositories {
  readonly capabilities: PersistenceCapabilities;
  readonly secretFields: SecretFields;
  /** The rows of whole tenants, for exports, imports and moves. */
  readonly archive: TenantArchive;
  /**
   * Runs `work` in one transaction, with the same repositories bound to it: all of it is kept, or nothing. Serialisation
   * failures and deadlocks repeat the whole `work`, so it must have no effects outside of the transaction.
   * @throws what `work` throws, after rolling back.
   */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /** Connects, checks that the schema is there. @throws TenonError `DATABASE_UNAVAILABLE`, `DATABASE_SCHEMA_MISSING`. */
  prepare(): Promise<void>;
  /** One round trip. @throws TenonError `DATABASE_UNAVAILABLE`. */
  ping(): Promise<void>;
  /** Closes the connections. Idempotent. */
  close(): Promise<void>;
}
