import type { Encryptor, Repositories } from '@tenon/core';
import { MongodbAssociationObjectRepository } from './association-object.repository.js';
import { MongodbAssociationRepository } from './association.repository.js';
import { MongodbAuditRepository } from './audit.repository.js';
import { MongodbAuthorizationSessionRepository } from './authorization-session.repository.js';
import { MongodbConnectionRepository } from './connection.repository.js';
import { MongodbCredentialRepository } from './credential.repository.js';
import { MongodbDeadLetterRepository } from './dead-letter.repository.js';
import { MongodbFileRepository } from './file.repository.js';
import { MongodbInboxRepository } from './inbox.repository.js';
import { MongodbInstallationRepository } from './installation.repository.js';
import { MongodbKeyRotationRepository } from './key-rotation.repository.js';
import { MongodbLeaseRepository } from './lease.repository.js';
import { MongodbMappingRepository } from './mapping.repository.js';
import { MongodbMembershipRepository } from './membership.repository.js';
import { MongodbOutboxRepository } from './outbox.repository.js';
import { MongodbRecordRepository } from './record.repository.js';
import { MongodbRunRepository } from './run.repository.js';
import { MongodbScheduleRepository } from './schedule.repository.js';
import type { Session } from './session.js';
import { MongodbSyncRepository } from './sync.repository.js';
import { MongodbKeyValueRepository } from './state.repository.js';
import { MongodbTenantDataRepository } from './tenant-data.repository.js';
import { MongodbTenantRepository } from './tenant.repository.js';
import { MongodbTokenRepository } from './token.repository.js';
import { MongodbUsageCounterRepository } from './usage-counter.repository.js';
import { MongodbUserRepository } from './user.repository.js';
import { MongodbWebsocketConnectionRepository } from './websocket-connection.repository.js';
import { MongodbWebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { MongodbWebhookEndpointRepository } from './webhook-endpoint.repository.js';

/** All repositories on one session. */
export function repositoriesOn(session: Session, encryptor: Encryptor): Repositories {
  return {
    tenants: new MongodbTenantRepository(session),
    tenantData: new MongodbTenantDataRepository(session),
    users: new MongodbUserRepository(session),
    memberships: new MongodbMembershipRepository(session),
    tokens: new MongodbTokenRepository(session),
    connections: new MongodbConnectionRepository(session),
    credentials: new MongodbCredentialRepository(session, encryptor),
    authorizationSessions: new MongodbAuthorizationSessionRepository(session, encryptor),
    installations: new MongodbInstallationRepository(session),
    mappings: new MongodbMappingRepository(session),
    syncs: new MongodbSyncRepository(session),
    records: new MongodbRecordRepository(session),
    associations: new MongodbAssociationRepository(session),
    associationObjects: new MongodbAssociationObjectRepository(session),
    schedules: new MongodbScheduleRepository(session),
    runs: new MongodbRunRepository(session),
    inbox: new MongodbInboxRepository(session),
    outbox: new MongodbOutboxRepository(session),
    deadLetters: new MongodbDeadLetterRepository(session),
    leases: new MongodbLeaseRepository(session),
    keyRotations: new MongodbKeyRotationRepository(session),
    webhookEndpoints: new MongodbWebhookEndpointRepository(session, encryptor),
    webhookDeliveries: new MongodbWebhookDeliveryRepository(session, encryptor),
    states: new MongodbKeyValueRepository(session),
    usageCounters: new MongodbUsageCounterRepository(session),
    websocketConnections: new MongodbWebsocketConnectionRepository(session),
    files: new MongodbFileRepository(session),
    audit: new MongodbAuditRepository(session),
  };
}
