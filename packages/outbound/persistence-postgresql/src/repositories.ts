import type { Encryptor, Repositories } from '@tenon/core';
import { PostgresqlAssociationObjectRepository } from './association-object.repository.js';
import { PostgresqlAssociationRepository } from './association.repository.js';
import { PostgresqlAuditRepository } from './audit.repository.js';
import { PostgresqlAuthorizationSessionRepository } from './authorization-session.repository.js';
import { PostgresqlConnectionRepository } from './connection.repository.js';
import { PostgresqlCredentialRepository } from './credential.repository.js';
import { PostgresqlDeadLetterRepository } from './dead-letter.repository.js';
import { PostgresqlFileRepository } from './file.repository.js';
import { PostgresqlInboxRepository } from './inbox.repository.js';
import { PostgresqlInstallationRepository } from './installation.repository.js';
import { PostgresqlKeyRotationRepository } from './key-rotation.repository.js';
import { PostgresqlLeaseRepository } from './lease.repository.js';
import { PostgresqlMappingRepository } from './mapping.repository.js';
import { PostgresqlMembershipRepository } from './membership.repository.js';
import { PostgresqlOutboxRepository } from './outbox.repository.js';
import { PostgresqlRecordRepository } from './record.repository.js';
import { PostgresqlRunRepository } from './run.repository.js';
import { PostgresqlScheduleRepository } from './schedule.repository.js';
import type { Session } from './session.js';
import { PostgresqlSyncRepository } from './sync.repository.js';
import { PostgresqlKeyValueRepository } from './state.repository.js';
import { PostgresqlTenantDataRepository } from './tenant-data.repository.js';
import { PostgresqlTenantRepository } from './tenant.repository.js';
import { PostgresqlTokenRepository } from './token.repository.js';
import { PostgresqlUsageCounterRepository } from './usage-counter.repository.js';
import { PostgresqlUserRepository } from './user.repository.js';
import { PostgresqlWebsocketConnectionRepository } from './websocket-connection.repository.js';
import { PostgresqlWebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { PostgresqlWebhookEndpointRepository } from './webhook-endpoint.repository.js';

/** All repositories on one session. */
export function repositoriesOn(session: Session, encryptor: Encryptor): Repositories {
  return {
    tenants: new PostgresqlTenantRepository(session),
    tenantData: new PostgresqlTenantDataRepository(session),
    users: new PostgresqlUserRepository(session),
    memberships: new PostgresqlMembershipRepository(session),
    tokens: new PostgresqlTokenRepository(session),
    connections: new PostgresqlConnectionRepository(session),
    credentials: new PostgresqlCredentialRepository(session, encryptor),
    authorizationSessions: new PostgresqlAuthorizationSessionRepository(session, encryptor),
    installations: new PostgresqlInstallationRepository(session),
    mappings: new PostgresqlMappingRepository(session),
    syncs: new PostgresqlSyncRepository(session),
    records: new PostgresqlRecordRepository(session),
    associations: new PostgresqlAssociationRepository(session),
    associationObjects: new PostgresqlAssociationObjectRepository(session),
    schedules: new PostgresqlScheduleRepository(session),
    runs: new PostgresqlRunRepository(session),
    inbox: new PostgresqlInboxRepository(session),
    outbox: new PostgresqlOutboxRepository(session),
    deadLetters: new PostgresqlDeadLetterRepository(session),
    leases: new PostgresqlLeaseRepository(session),
    keyRotations: new PostgresqlKeyRotationRepository(session),
    webhookEndpoints: new PostgresqlWebhookEndpointRepository(session, encryptor),
    webhookDeliveries: new PostgresqlWebhookDeliveryRepository(session, encryptor),
    states: new PostgresqlKeyValueRepository(session),
    usageCounters: new PostgresqlUsageCounterRepository(session),
    websocketConnections: new PostgresqlWebsocketConnectionRepository(session),
    files: new PostgresqlFileRepository(session),
    audit: new PostgresqlAuditRepository(session),
  };
}
