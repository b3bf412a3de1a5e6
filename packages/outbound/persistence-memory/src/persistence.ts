import { validateOptions } from '@tenon/core';
import type { Encryptor, Persistence, PersistenceCapabilities, Repositories } from '@tenon/core';
import { Engine, Turns } from './access.js';
import type { Access } from './access.js';
import { MemoryAssociationObjectRepository } from './association-object.repository.js';
import { MemoryAssociationRepository } from './association.repository.js';
import { MemoryTenantArchive } from './archive.js';
import { MemoryAuditRepository } from './audit.repository.js';
import { MemoryAuthorizationSessionRepository } from './authorization-session.repository.js';
import { MemoryConnectionRepository } from './connection.repository.js';
import { MemoryCredentialRepository } from './credential.repository.js';
import { Database } from './database.js';
import { MemoryDeadLetterRepository } from './dead-letter.repository.js';
import { MemoryFileRepository } from './file.repository.js';
import { MemoryInboxRepository } from './inbox.repository.js';
import { MemoryInspection } from './inspection.js';
import { MemoryInstallationRepository } from './installation.repository.js';
import { MemoryKeyRotationRepository } from './key-rotation.repository.js';
import { MemoryLeaseRepository } from './lease.repository.js';
import { MemoryMappingRepository } from './mapping.repository.js';
import { MemoryMembershipRepository } from './membership.repository.js';
import { MemoryOutboxRepository } from './outbox.repository.js';
import { MemoryRecordRepository } from './record.repository.js';
import { MemoryRunRepository } from './run.repository.js';
import { MemorySecretFields } from './secret-fields.js';
import { MemoryScheduleRepository } from './schedule.repository.js';
import { Sealer } from './sealer.js';
import { MemorySyncRepository } from './sync.repository.js';
import { MemoryKeyValueRepository } from './state.repository.js';
import { MemoryTenantDataRepository } from './tenant-data.repository.js';
import { MemoryTenantRepository } from './tenant.repository.js';
import { MemoryTokenRepository } from './token.repository.js';
import { MemoryUsageCounterRepository } from './usage-counter.repository.js';
import { MemoryUserRepository } from './user.repository.js';
import { MemoryWebsocketConnectionRepository } from './websocket-connection.repository.js';
import { MemoryWebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { MemoryWebhookEndpointRepository } from './webhook-endpoint.repository.js';

/** Options of {@link createMemoryPersistence}. */
export interface MemoryPersistenceOptions {
  /** Encrypts secret fields. Without it they are kept as they are: nothing leaves the process. */
  readonly encryptor?: Encryptor;
}

/** A {@link Persistence} in the memory of one process. */
export interface MemoryPersistence extends Persistence {
  /** The rows behind the repositories, for tests that look for secrets. */
  readonly inspection: MemoryInspection;
  /** The same rows through another encryptor, as after a restart with other keys. */
  reopen(options: MemoryPersistenceOptions): MemoryPersistence;
}

const capabilities: PersistenceCapabilities = { durable: false, shared: false, transactions: true };

/**
 * Keeps everything in memory: for tests and throw-away runs. Transactions and statements run one after another, so the
 * repositories of the persistence itself wait while a transaction is open. Using them inside of `work` is refused with
 * `TRANSACTION_BYPASSED`; use those that `work` is given.
 * @throws MisconfiguredError for unknown options.
 */
export function createMemoryPersistence(options: MemoryPersistenceOptions = {}): MemoryPersistence {
  return open(new Engine(new Database(), new Turns()), options);
}

function open(engine: Engine, options: MemoryPersistenceOptions): MemoryPersistence {
  const { encryptor } = validateOptions<MemoryPersistenceOptions>(
    'createMemoryPersistence',
    options,
    { defaults: {}, optional: ['encryptor'] },
  );
  const sealer = new Sealer(encryptor);
  const ping = (): Promise<void> => engine.run(() => undefined);
  return {
    ...repositoriesOn(engine, sealer),
    capabilities,
    secretFields: new MemorySecretFields(engine, encryptor),
    archive: new MemoryTenantArchive(engine, sealer),
    inspection: new MemoryInspection(engine.database),
    reopen: (other) => open(engine.again(), other),
    transaction: (work) => engine.transaction((access) => work(repositoriesOn(access, sealer))),
    prepare: ping,
    ping,
    close: async () => {
      engine.close();
    },
  };
}

function repositoriesOn(access: Access, sealer: Sealer): Repositories {
  return {
    tenants: new MemoryTenantRepository(access),
    tenantData: new MemoryTenantDataRepository(access),
    users: new MemoryUserRepository(access),
    memberships: new MemoryMembershipRepository(access),
    tokens: new MemoryTokenRepository(access),
    connections: new MemoryConnectionRepository(access),
    credentials: new MemoryCredentialRepository(access, sealer),
    authorizationSessions: new MemoryAuthorizationSessionRepository(access, sealer),
    installations: new MemoryInstallationRepository(access),
    mappings: new MemoryMappingRepository(access),
    syncs: new MemorySyncRepository(access),
    records: new MemoryRecordRepository(access),
    associations: new MemoryAssociationRepository(access),
    associationObjects: new MemoryAssociationObjectRepository(access),
    schedules: new MemoryScheduleRepository(access),
    runs: new MemoryRunRepository(access),
    inbox: new MemoryInboxRepository(access),
    outbox: new MemoryOutboxRepository(access),
    deadLetters: new MemoryDeadLetterRepository(access),
    leases: new MemoryLeaseRepository(access),
    keyRotations: new MemoryKeyRotationRepository(access),
    webhookEndpoints: new MemoryWebhookEndpointRepository(access, sealer),
    webhookDeliveries: new MemoryWebhookDeliveryRepository(access, sealer),
    states: new MemoryKeyValueRepository(access),
    usageCounters: new MemoryUsageCounterRepository(access),
    websocketConnections: new MemoryWebsocketConnectionRepository(access),
    files: new MemoryFileRepository(access),
    audit: new MemoryAuditRepository(access),
  };
}
