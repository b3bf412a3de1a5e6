export type {
  CreateUserInput,
  AuthorizeInput,
  StartedAuthorization,
  CompleteAuthorizationInput,
  SubmitConnectionInput,
  CreateInstallationInput,
  StartFormInput,
} from './app/command-inputs.js';
export type {
  AssociationObjectFilter,
  AssociationObjectKey,
  AssociationObjectRepository,
  AssociationRepository,
  NewAssociationObject,
} from './association/association-repository.port.js';
export { seatOf } from './association/association.js';
export type {
  Association,
  AssociationId,
  AssociationObject,
  AssociationObjectId,
  AssociationRole,
  AssociationType,
} from './association/association.js';
export { APP_TRAIL_ID, appTrailContext } from './audit/app-trail.js';
export { auditDescriptions } from './audit/audit-descriptions.js';
export type { AuditDescriptions, AuditNote, NotEntered } from './audit/audit-note.js';
export { auditAnchor, parseAuditAnchor } from './audit/audit-anchor.js';
export { auditTrailKept } from './audit/audit.errors.js';
export { assertTrailMayGo, isOfTrail } from './audit/kept-trail.js';
export { auditHash, breakAt, chainAfter } from './audit/audit-chain.js';
export type { AuditBreak } from './audit/audit-chain.js';
export { FIRST_PREVIOUS_HASH } from './audit/audit-entry.js';
export type {
  AuditActor,
  AuditEntry,
  AuditEntryId,
  AuditHead,
  AuditSubject,
  NewAuditEntry,
} from './audit/audit-entry.js';
export type { AuditFilter, AuditRepository } from './audit/audit-repository.port.js';
export { AuditTrail, CREDENTIAL_READ_WINDOW_MS } from './audit/audit-trail.js';
export type {
  AuditEvent,
  AuditOrigin,
  AuditTrailParts,
  CredentialRead,
} from './audit/audit-trail.js';
export { auditedCommands } from './audit/audited-commands.js';
export { ListAuditEntries } from './audit/list-audit-entries.use-case.js';
export { VerifyAudit } from './audit/verify-audit.use-case.js';
export type { AuditVerification, VerifyAuditInput } from './audit/audit-verification.js';
export type { Commands } from './app/commands.js';
export type { DataCommands } from './app/data-commands.js';
export { Registry } from './app/registry.js';
export {
  archivedEntities,
  archiveKeyOf,
  describedEntity,
  ownerEntityOf,
  secretPlaceOf,
} from './archive/archive-entities.js';
export {
  archiveRowText,
  givenRowText,
  sameArchiveRow,
  secretNames,
} from './archive/archive-row.js';
export { ExportTenant } from './archive/export-tenant.use-case.js';
export type { MakeArchiveEncryptor } from './archive/archive-key.js';
export type { ImportMode } from './archive/import-target.js';
export { ImportTenant } from './archive/import-tenant.use-case.js';
export { VerifyArchive } from './archive/verify-archive.use-case.js';
export type {
  ArchiveChunk,
  ExportTenantInput,
  ImportProgress,
  ImportTenantInput,
  VerifiedArchive,
} from './archive/archive-io.js';
export { canonicalJson } from './archive/canonical-json.js';
export type {
  ArchiveKey,
  ArchiveReader,
  ArchiveReadOptions,
  ArchiveRow,
  ArchiveValue,
  ArchiveWritten,
  TenantArchive,
} from './archive/tenant-archive.port.js';
export type { ReauthorizedParts, ResumeParked } from './connection/announce-saved.js';
export type { AuthorizationSessionRepository } from './connection/authorization-session-repository.port.js';
export { AUTHORIZATION_TTL_MS } from './connection/authorization-session.js';
export {
  AuthorizeConnection,
  CALLBACK_PATH,
  callbackUrl,
} from './connection/authorize-connection.use-case.js';
export type { AuthorizationConfig } from './connection/authorize-connection.use-case.js';
export { CompleteAuthorization } from './connection/complete-authorization.use-case.js';
export type {
  AuthorizationSessionId,
  AuthorizationSession,
} from './connection/authorization-session.js';
export type {
  ConnectionAccount,
  ConnectionFilter,
  ConnectionRepository,
} from './connection/connection-repository.port.js';
export type { ConnectionId, ConnectionState, Connection } from './connection/connection.js';
export { DeleteConnection } from './connection/delete-connection.use-case.js';
export { GetConnection } from './connection/get-connection.use-case.js';
export { ListConnections } from './connection/list-connections.use-case.js';
export { RenameConnection } from './connection/rename-connection.use-case.js';
export { StartConnectionForm } from './connection/start-connection-form.use-case.js';
export { SubmitConnectionStep } from './connection/submit-connection-step.use-case.js';
export type {
  ConnectionFormStep,
  SubmitConnectionStepInput,
  SubmittedStep,
} from './connection/form-step.js';
export { SubmitConnection } from './connection/submit-connection.use-case.js';
export { TestConnection } from './connection/test-connection.use-case.js';
export type { ConnectionTest } from './connection/test-connection.use-case.js';
export type {
  Query,
  ApiCallOptions,
  ApiBodyOptions,
  ApiResponse,
  ApiClient,
} from './connector/api-client.js';
export { authFields } from './connector/auth.js';
export type {
  CredentialPlacement,
  AuthField,
  OAuth2Auth,
  ApiKeyAuth,
  BasicAuth,
  AuthDefinition,
} from './connector/auth.js';
export { toConnectorView } from './connector/connector-view.js';
export type { ConnectorView } from './connector/connector-view.js';
export { NAME_PATTERN, defineConnector } from './connector/connector.js';
export type {
  Display,
  Identity,
  ConnectorLimits,
  Connector,
  ApiOf,
} from './connector/connector.js';
export { validateAuth } from './connector/validate-auth.js';
export { GetConnector } from './connector/get-connector.use-case.js';
export { ListConnectors } from './connector/list-connectors.use-case.js';
export { verifyWebhook } from './connector/verify-webhook.js';
export type { VerifiedWebhook, WebhookVerification } from './connector/verify-webhook.js';
export type {
  StandardWebhooksScheme,
  HmacScheme,
  WebhookScheme,
  WebhookRequest,
  WebhookEvent,
} from './connector/webhook-scheme.js';
export type { ApiClientFactory } from './credential/api-client-factory.port.js';
export { AuthorizedClientFactory } from './credential/authorized-client-factory.js';
export type {
  AuthorizedClientOptions,
  AuthorizedClientParts,
} from './credential/authorized-client-factory.js';
export type { CredentialRepository } from './credential/credential-repository.port.js';
export type {
  CredentialId,
  OAuth2Material,
  FieldsMaterial,
  CredentialMaterial,
  RefreshAttempt,
  Credential,
} from './credential/credential.js';
export type { DomainEventData, DomainEventType, DomainEvent } from './event/domain-event.js';
export { EventBus } from './event/event-bus.js';
export type { EventListener } from './event/event-bus.js';
export type { FileFilter, FileRepository } from './file/file-repository.port.js';
export type { FileId, FileStatus, TrackedFile } from './file/tracked-file.js';
export type { HealthCheck, HealthReport } from './health/health.js';
export type {
  InstallationFilter,
  InstallationRepository,
} from './installation/installation-repository.port.js';
export {
  MAX_INSTALLATION_MESSAGES,
  connectionsKey,
  withMessage,
} from './installation/installation.js';
export type {
  InstallationId,
  InstallationStatus,
  InstallationMessage,
  Installation,
} from './installation/installation.js';
export { defineIntegration } from './integration/define-integration.js';
export type {
  ConnectionSlots,
  SchemaMap,
  BoundConnection,
  JobInput,
  JobOutput,
  EnqueueOptions,
  StartRunOptions,
  JobsHandle,
  MappingsHandle,
  SocketsHandle,
  WebhooksHandle,
  IntegrationContext,
  RunHandle,
  JobContext,
  WebhookContext,
} from './integration/integration-context.js';
export { toIntegrationView } from './integration/integration-view.js';
export type { IntegrationView } from './integration/integration-view.js';
export type {
  JobDefinition,
  ScheduleDefinition,
  ActionDefinition,
  IntegrationDefinition,
  Integration,
  WebhookHandler,
} from './integration/integration.js';
export type {
  DeadLetterFilter,
  DeadLetterRepository,
  ParkedInstallation,
} from './job/dead-letter-repository.port.js';
export { MENDABLE } from './job/dead-letter.js';
export type { DeadLetterId, DeadLetterReason, DeadLetter } from './job/dead-letter.js';
export type {
  InboxClaim,
  InboxClaimResult,
  InboxEntry,
  InboxLease,
  InboxRepository,
} from './job/inbox-repository.port.js';
export type { JobDelivery, JobOutcome } from './job/job-delivery.js';
export { WEBHOOK_JOB, inboxKey, onceKey } from './job/job.js';
export type { JobId, JobMessage, OutgoingJob, OutgoingJobId } from './job/job.js';
export type { JobState, JobView, ListJobsInput } from './job/job-view.js';
export { GetJob } from './job/get-job.use-case.js';
export { ListJobs } from './job/list-jobs.use-case.js';
export { RetryJob } from './job/retry-job.use-case.js';
export { DiscardJob } from './job/discard-job.use-case.js';
export type { OutboxFilter, OutboxRepository, WaitingJob } from './job/outbox-repository.port.js';
export { additionalData } from './key/additional-data.js';
export { joinEncryptors } from './key/join-encryptors.js';
export { SEALED_HEAD, SEALED_HEAD_CHARS, keyIdOf } from './key/key-id-of.js';
export type { KeyRotationRepository } from './key/key-rotation-repository.port.js';
export type { KeyRotation } from './key/key-rotation.js';
export { decryptionFailed, encryptionKeyMissing } from './key/key.errors.js';
export { reencryptValues } from './key/reencrypt-values.js';
export type { ReencryptedValue, SealedValue } from './key/reencrypt-values.js';
export { secretFieldNames, secretFieldPlace } from './key/secret-field.js';
export type { SecretFieldName, SecretFieldPlace } from './key/secret-field.js';
export type {
  KeyCount,
  ReencryptedBatch,
  SecretBatch,
  SecretBatchProgress,
  SecretFields,
  UnreadableSecret,
} from './key/secret-fields.port.js';
export type { MappingScope, MappingRepository } from './mapping/mapping-repository.port.js';
export type { Mapping } from './mapping/mapping.js';
export type { Brand } from './platform/brand.js';
export type { CancellationSignal } from './platform/cancellation.js';
export type { Deadline, Clock } from './platform/clock.port.js';
export {
  ValidationError,
  NotFoundError,
  ForbiddenError,
  UnauthenticatedError,
  VersionConflictError,
  UniqueConflictError,
  CancelledError,
  DeadlineExceededError,
  MisconfiguredError,
  UnavailableError,
} from './platform/common.errors.js';
export type { ValidationIssue } from './platform/common.errors.js';
export { scopes, requireScope, mayAccess, visibleUser, systemContext } from './platform/context.js';
export type { Scope, Context, AppContext } from './platform/context.js';
export type { ScryptParameters, HmacInput, Crypto } from './platform/crypto.port.js';
export type { EncryptionContext, Encryptor } from './platform/encryptor.port.js';
export { columnName } from './platform/entity-catalogue.js';
export type {
  EntityDescription,
  FieldDescription,
  FieldType,
} from './platform/entity-catalogue.js';
export {
  childrenFirst,
  entities,
  ownedByConnection,
  ownedByInstallation,
  ownedByUser,
} from './platform/entities.js';
export type { EntityName } from './platform/entities.js';
export type { HttpRequest, HttpResponse, HttpClient } from './platform/http-client.port.js';
export { isId } from './platform/id-generator.port.js';
export type { IdGenerator } from './platform/id-generator.port.js';
export type { JsonValue, JsonArray, JsonObject } from './platform/json.js';
export type { Lease, LeaseRepository } from './platform/lease-repository.port.js';
export { silentLogger } from './platform/logger.port.js';
export type { LogFields, Logger } from './platform/logger.port.js';
export { nearestName, rejectUnknownKeys, validateOptions } from './platform/options.js';
export {
  DEFAULT_PAGE_LIMIT,
  MAX_PAGE_LIMIT,
  encodeCursor,
  decodeCursor,
  toPageQuery,
  toPage,
} from './platform/page.js';
export type { Cursor, PageQuery, PageRequest, Page } from './platform/page.js';
export type {
  Repositories,
  PersistenceCapabilities,
  Persistence,
} from './platform/persistence.port.js';
export type { Platform } from './platform/platform.port.js';
export type {
  OutgoingMessage,
  ReceivedMessage,
  ReceiveRequest,
  QueueSetup,
  QueueStatus,
  QueueCapabilities,
  Queue,
} from './platform/queue.port.js';
export { Secret, secret } from './platform/secret.js';
export type {
  StandardSchemaV1,
  StandardResult,
  StandardIssue,
  InferInput,
  InferOutput,
} from './platform/standard-schema.js';
export { errorCategories, TenonError, isTenonError, hasCode } from './platform/tenon.error.js';
export type { ErrorCategory, TenonErrorOptions } from './platform/tenon.error.js';
export { validateWith } from './platform/validate.js';
export type { RunFilter, RunAdvance, RunRepository } from './run/run-repository.port.js';
export type {
  RecordChanges,
  RecordPass,
  RecordRepository,
  RecordScope,
  SeenRecord,
} from './sync/record-repository.port.js';
export type { RecordChange, SyncRecord, SyncSide } from './sync/sync-record.js';
export type { SyncFilter, SyncRepository } from './sync/sync-repository.port.js';
export type { Sync, SyncCounts, SyncDirection, SyncId, SyncState } from './sync/sync.js';
export { CreateSchedule } from './schedule/create-schedule.use-case.js';
export { DeleteSchedule } from './schedule/delete-schedule.use-case.js';
export { GetSchedule } from './schedule/get-schedule.use-case.js';
export { ListSchedules } from './schedule/list-schedules.use-case.js';
export { UpdateSchedule } from './schedule/update-schedule.use-case.js';
export type {
  CreateScheduleInput,
  ScheduleWhen,
  UpdateScheduleInput,
} from './schedule/schedule-input.js';
export type {
  ClaimedSchedule,
  ScheduleFilter,
  ScheduleOutcome,
  ScheduleRepository,
} from './schedule/schedule-repository.port.js';
export type {
  Schedule,
  ScheduleCatchUp,
  ScheduleId,
  ScheduleMiss,
  ScheduleOverlap,
} from './schedule/schedule.js';
export type {
  KeptTimer,
  Scheduler,
  TimerKey,
  TimerPage,
  TimerPlan,
} from './schedule/scheduler.port.js';
export { tickingScheduler } from './schedule/ticking-scheduler.js';
export { AddMember } from './membership/add-member.use-case.js';
export { ChangeMemberRole } from './membership/change-member-role.use-case.js';
export { ListMembers } from './membership/list-members.use-case.js';
export { ListOrganizations } from './membership/list-organizations.use-case.js';
export { RemoveMember } from './membership/remove-member.use-case.js';
export type {
  MembershipFilter,
  MembershipRepository,
} from './membership/membership-repository.port.js';
export { membershipRoles } from './membership/membership.js';
export type { Membership, MembershipId, MembershipRole } from './membership/membership.js';
export { isFinished } from './run/run.js';
export type { RunId, RunState, RunProgress, RunProgressDelta, Run } from './run/run.js';
export type { Cron } from './schedule/cron.port.js';
export type {
  KeyValueRepository,
  StateScan,
  StateWrite,
} from './state/key-value-repository.port.js';
export { MAX_STATE_VALUE_BYTES, installationNamespace } from './state/state-entry.js';
export type { StateEntry, StateScope } from './state/state-entry.js';
export { checkStateWrite, prefixEnd } from './state/state-rules.js';
export { CreateTenant } from './tenant/create-tenant.use-case.js';
export { GetTenant } from './tenant/get-tenant.use-case.js';
export { ListTenants } from './tenant/list-tenants.use-case.js';
export { OpenTenantContext } from './tenant/open-tenant-context.use-case.js';
export { DeleteTenant } from './tenant/delete-tenant.use-case.js';
export type { TenantDeletionParts } from './tenant/delete-tenant.js';
export { RequestTenantDeletion } from './tenant/request-tenant-deletion.use-case.js';
export { SetTenantStatus } from './tenant/set-tenant-status.use-case.js';
export type { DeleteTenantInput, TenantDeletion } from './tenant/tenant-deletion.js';
export type { TenantDataRepository } from './tenant/tenant-data-repository.port.js';
export type { TenantRepository } from './tenant/tenant-repository.port.js';
export type { TenantId, Tenant } from './tenant/tenant.js';
export { AppKeys } from './token/app-keys.js';
export type { AppKey } from './token/app-keys.js';
export { AuthenticateAppUser } from './token/authenticate-app-user.use-case.js';
export { AuthenticateApp } from './token/authenticate-app.use-case.js';
export { AuthenticateToken } from './token/authenticate-token.use-case.js';
export { IssueToken } from './token/issue-token.use-case.js';
export type { TokenView, IssuedToken } from './token/issued-token.js';
export { ListTokens } from './token/list-tokens.use-case.js';
export { DEFAULT_TOKEN_TTL_MS } from './token/make-token.js';
export { RevokeToken } from './token/revoke-token.use-case.js';
export type { TokenRepository } from './token/token-repository.port.js';
export type { TokenId, Token, TokenWithOwner } from './token/token.js';
export { mergeIncrements } from './usage/merge-increments.js';
export type {
  UsageCounterRepository,
  UsageFilter,
  UsagePage,
  UsageRange,
  UsageTotal,
} from './usage/usage-counter-repository.port.js';
export { MAX_USAGE_COUNT, NO_INSTALLATION, windowStart } from './usage/usage-counter.js';
export type {
  UsageCounter,
  UsageCounterKey,
  UsageIncrement,
  UsageWindow,
} from './usage/usage-counter.js';
export { USAGE_RETENTION_MS } from './usage/usage-retention.js';
export { usageOverflow } from './usage/usage.errors.js';
export { CreateUser } from './user/create-user.use-case.js';
export { DeleteUser } from './user/delete-user.use-case.js';
export { GetUser } from './user/get-user.use-case.js';
export { ListUsers } from './user/list-users.use-case.js';
export { LOCKOUT_MS, MAX_FAILED_LOGINS } from './user/lockout.js';
export { LogIn } from './user/log-in.use-case.js';
export { PASSWORD_PARAMETERS } from './user/password.js';
export { SetPassword } from './user/set-password.use-case.js';
export type { UserFilter, UserRepository } from './user/user-repository.port.js';
export { toUserView } from './user/user-view.js';
export type { UserView } from './user/user-view.js';
export type { UserId, PasswordHash, User } from './user/user.js';
export type {
  WebhookEndpointId,
  WebhookEndpoint,
  WebhookDeliveryId,
  WebhookDeliveryStatus,
  WebhookDelivery,
} from './webhook/webhook-endpoint.js';
export type {
  WebhookEndpointRepository,
  WebhookDeliveryRepository,
} from './webhook/webhook-repository.port.js';
export type {
  WebsocketConnectionFilter,
  WebsocketConnectionPage,
  WebsocketConnectionRepository,
} from './websocket/websocket-connection-repository.port.js';
export type { AuthorizeTopic } from './websocket/socket-topics.js';
export { CollectSocketMail } from './websocket/collect-socket-mail.use-case.js';
export { ConnectSocket, MAX_SOCKETS_PER_USER } from './websocket/connect-socket.use-case.js';
export type { ConnectSocketInput } from './websocket/socket-inputs.js';
export { DisconnectSocket } from './websocket/disconnect-socket.use-case.js';
export { IssueSocketTicket } from './websocket/issue-socket-ticket.use-case.js';
export type { SocketTicket } from './websocket/socket-ticket.js';
export { KeepSockets } from './websocket/keep-sockets.use-case.js';
export { PublishToSockets } from './websocket/publish-to-sockets.use-case.js';
export { ReceiveSocketMessage } from './websocket/receive-socket-message.use-case.js';
export type { SocketParts, SocketTally } from './websocket/socket-fan-out.js';
export { pushingCommands } from './websocket/pushing-commands.js';
export { SocketMailbox } from './websocket/socket-mailbox.js';
export type { SocketMail } from './websocket/socket-mailbox.js';
export { SocketPublisher } from './websocket/socket-publisher.js';
export type { SocketAudience } from './websocket/socket-publisher.js';
export { SocketPush } from './websocket/socket-push.js';
export type { PushMode } from './websocket/socket-push.js';
export { SocketRouter } from './websocket/socket-router.js';
export {
  MAX_SOCKET_INPUT_BYTES,
  MAX_SOCKET_MESSAGE_BYTES,
} from './websocket/socket-sender.port.js';
export type { SocketOutcome, SocketSender, SocketTarget } from './websocket/socket-sender.port.js';
export type { WebsocketCommands } from './websocket/websocket-commands.js';
export {
  socketGone,
  socketMessageTooLarge,
  socketSendFailed,
} from './websocket/websocket.errors.js';
export { sortedTopics } from './websocket/websocket-connection.js';
export type {
  WebsocketConnection,
  WebsocketConnectionId,
} from './websocket/websocket-connection.js';
export type {
  AppDefinition,
  AppShape,
  Diagnosis,
  Environment,
  LocalServers,
  MigrationState,
  OpenApp,
  QueueShape,
  RunningService,
  ServiceStart,
} from './app/app-definition.port.js';
export type { ServiceActivity } from './app/service-activity.js';
export { Sweep } from './app/sweep.use-case.js';
export { CheckKeyRetirement } from './key/check-key-retirement.use-case.js';
export { GetKeyStatus } from './key/get-key-status.use-case.js';
export type { KeyParts, KeyStatus, RotateKeysInput } from './key/key-commands.js';
export type { KeyUsage } from './key/key-usage.js';
export { RotateKeys } from './key/rotate-keys.use-case.js';
export { CheckHealth } from './health/check-health.use-case.js';
export { CheckReadiness } from './health/check-readiness.use-case.js';
export type { HealthParts } from './health/health-parts.js';
export { CreateInstallation } from './installation/create-installation.use-case.js';
export { DeleteInstallation } from './installation/delete-installation.use-case.js';
export { DisableInstallation } from './installation/disable-installation.use-case.js';
export { EnableInstallation } from './installation/enable-installation.use-case.js';
export { GetInstallation } from './installation/get-installation.use-case.js';
export { installationIncludes } from './installation/installation-page.js';
export type {
  InstallationInclude,
  InstallationPage,
  ListInstallationsInput,
} from './installation/installation-page.js';
export { ListInstallations } from './installation/list-installations.use-case.js';
export { RunAction } from './installation/run-action.use-case.js';
export { StartRun } from './installation/start-run.use-case.js';
export { UpdateInstallation } from './installation/update-installation.use-case.js';
export type { UpdateInstallationInput } from './installation/update-installation.use-case.js';
export { GetIntegration } from './integration/get-integration.use-case.js';
export { ListIntegrations } from './integration/list-integrations.use-case.js';
export { DiscardDeadLetter } from './job/discard-dead-letter.use-case.js';
export { GetDeadLetter } from './job/get-dead-letter.use-case.js';
export type { DispatchParts, JobParts } from './job/job-parts.js';
export { defaultJobSettings, jobSettings } from './job/job-settings.js';
export type { JobSettings } from './job/job-settings.js';
export { ListDeadLetters } from './job/list-dead-letters.use-case.js';
export { DEFAULT_QUEUE } from './job/new-job.js';
export { ProcessJob } from './job/process-job.use-case.js';
export { RedriveDeadLetter } from './job/redrive-dead-letter.use-case.js';
export type { RelayParts } from './job/relay-jobs.js';
export { RelayOutbox } from './job/relay-outbox.use-case.js';
export { unparkConnection, unparkOnReauthorization, unparkTenant } from './job/unpark-jobs.js';
export { CancelRun } from './run/cancel-run.use-case.js';
export { GetRun } from './run/get-run.use-case.js';
export { ListRuns } from './run/list-runs.use-case.js';
export { ResumeRun } from './run/resume-run.use-case.js';
export { MAX_CHECKPOINT_BYTES } from './run/run-handle.js';
export { FireSchedule, timerInput } from './schedule/fire-schedule.use-case.js';
export { TickSchedules } from './schedule/tick-schedules.use-case.js';
export { ListWebhookDeliveries } from './webhook/list-webhook-deliveries.use-case.js';
export { MAX_WEBHOOK_BYTES, ReceiveWebhook } from './webhook/receive-webhook.use-case.js';
export { formatRecording, parseRecording } from './recording/recording.js';
export type {
  RecordedAnswer,
  RecordedBody,
  RecordedCall,
  RecordedExchange,
  Recording,
  RecordingHead,
} from './recording/recording.js';
export { RecordingHttpClient } from './recording/recording-http-client.js';
export { ReplayHttpClient } from './recording/replay-http-client.js';
export { Redactor } from './recording/redactor.js';
export type { RecordingTools } from './recording/recorded-request.js';
export type { DryRunCall, DryRunRules } from './connector/dry-run-rules.js';
export { TryMessage } from './job/try-message.use-case.js';
export type { TriedJob, TryRunInput } from './job/tried-job.js';
export { TryRun } from './run/try-run.use-case.js';
export { DryRunHttpClient } from './trial/dry-run-http-client.js';
export type { HeldWrite } from './trial/dry-run-http-client.js';
export { HeldQueue } from './trial/held-queue.js';
export { LayeredMappings, newLayer } from './trial/layered-mappings.js';
export type { Trial, TrialJob, TrialOptions, TrialReport, TrialWrite } from './trial/trial.port.js';
