export type { PlannedFault } from './aws/aws-fault.js';
export { startFakeAws, type FakeAws, type FakeAwsCall } from './aws/start-fake-aws.js';
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
