export type { PlannedFault } from './aws/aws-fault.js';
export { startFakeScheduler, type FakeSchedulerServer } from './aws/start-fake-scheduler.js';
export { startFakeAws, type FakeAws, type FakeAwsCall } from './aws/start-fake-aws.js';
export type { FunctionBehaviour, FunctionInvocation } from './aws/fake-functions.js';
export {
  startFakeDeployment,
  type FakeDeployment,
  type FakeStackState,
} from './aws/start-fake-deployment.js';
export {
  failedMessages,
  startEventSourceMapping,
  type EventSourceMapping,
  type EventSourceMappingOptions,
  type EventSourceMappingStats,
  type PollableQueue,
  type PolledMessage,
} from './lambda/event-source-mapping.js';
export {
  albEvent,
  apiGatewayV1Event,
  apiGatewayV2Event,
  type AlbEventFixture,
  type ApiGatewayV1EventFixture,
  type ApiGatewayV2EventFixture,
  type HttpEventInput,
} from './lambda/http-events.js';
export {
  lambdaContext,
  scheduledEvent,
  sqsEvent,
  type LambdaContextFixture,
  type ScheduledEventFixture,
  type SqsEventFixture,
  type SqsMessageInput,
  type SqsRecordFixture,
} from './lambda/queue-events.js';
export type { LambdaErrorReport, LambdaOutcome } from './lambda/runtime-api.js';
export {
  startLambdaRuntime,
  type LambdaRuntime,
  type LambdaRuntimeOptions,
} from './lambda/start-lambda-runtime.js';
export {
  aConnection,
  aCredential,
  aMembership,
  anAuthorizationSession,
  anInstallation,
  aRun,
  aTenant,
  aToken,
  aUser,
  type Overrides,
} from './fixtures/entities.js';
export {
  aDeadLetter,
  aJobDelivery,
  aJobMessage,
  anOutgoingJob,
  aWebhookDelivery,
  aWebhookEndpoint,
} from './fixtures/jobs.js';
export { aSchedule } from './fixtures/schedules.js';
export { anAssociation, anAssociationObject, aSync } from './fixtures/syncs.js';
export { aFile, anAuditEntry, aWebsocketConnection } from './fixtures/records.js';
export { testAppContext, testContext } from './fixtures/test-context.js';
export { tenantRows, type TenantRows } from './fixtures/tenant-rows.js';
export { uniqueId, uniqueName } from './fixtures/unique.js';
export {
  startScriptedServer,
  type RecordedRequest,
  type ScriptedAnswer,
  type ScriptedHandler,
  type ScriptedServer,
} from './http/scripted-server.js';
export {
  recordHttp,
  replayHttp,
  type RecordHttp,
  type RecordingOptions,
  type ReplayHttp,
} from './http/recordings.js';
export { signedWebhook, type WebhookToSign } from './http/signed-webhook.js';
export {
  createTestPlatform,
  type TestPlatform,
  type TestPlatformOptions,
} from './platform/create-test-platform.js';
export {
  recordingLogger,
  type LogLine,
  type RecordingLogger,
} from './platform/recording-logger.js';
export { recordingSockets } from './platform/recording-sockets.js';
export type { RecordingSockets, SentMessage } from './platform/recording-sockets.js';
export { TestClock, type TestClockOptions } from './platform/test-clock.js';
export { testCrypto } from './platform/test-crypto.js';
export { testEncryptor, type TestEncryptorOptions } from './platform/test-encryptor.js';
export { TestIds } from './platform/test-ids.js';
export {
  persistenceContract,
  type PersistenceContractOptions,
} from './contracts/persistence.contract.js';
export type {
  PersistenceSecondPath,
  PersistenceUnderTest,
  SecretCell,
} from './contracts/persistence-suite.js';
export type { Skips } from './contracts/suite.js';
export {
  schedulerContract,
  type SchedulerContractOptions,
  type SchedulerUnderTest,
  type Wake,
} from './contracts/scheduler.contract.js';
export {
  encryptorContract,
  type EncryptorContractOptions,
} from './contracts/encryptor.contract.js';
export {
  httpClientContract,
  type HttpClientContractOptions,
} from './contracts/http-client.contract.js';
export type { QueueContractOptions, QueueNames, QueueUnderTest } from './contracts/queue-suite.js';
export { queueContract } from './contracts/queue.contract.js';
export { socketSenderContract } from './contracts/socket-sender.contract.js';
export type {
  ConnectedClient,
  SocketSenderContractOptions,
  SocketSenderUnderTest,
} from './contracts/socket-sender.contract.js';
export { websocketEvent } from './lambda/websocket-events.js';
export type { WebsocketEventInput } from './lambda/websocket-events.js';
export { startFakeGateway } from './aws/fake-gateway.js';
export type { FakeGateway } from './aws/fake-gateway.js';
export {
  startOidcServer,
  type OidcServer,
  type OidcServerOptions,
  type TokenFault,
} from './oidc/start-oidc-server.js';
