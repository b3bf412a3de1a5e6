export { lambdaBundleOptions, type BundleInput, type BundleOptions } from './bundle-options.js';
export { createHandler, type HandlerOptions, type LambdaHandler } from './create-handler.js';
export {
  createHttpHandler,
  type HttpEngineName,
  type HttpHandlerOptions,
} from './create-http-handler.js';
export {
  createScheduleHandler,
  toTick,
  type ScheduledEvent,
  type ScheduleHandlerOptions,
  type Tick,
} from './create-schedule-handler.js';
export {
  createWebsocketHandler,
  type WebsocketGatewayCommands,
  type WebsocketHandlerOptions,
} from './create-websocket-handler.js';
export { errorResult } from './error-result.js';
export { statusByCategory, toProblem, type Problem } from './error-status.js';
export { lambdaInvocationOf, type HttpListener, type LambdaInvocation } from './http-engine.js';
export {
  payloadFormatOf,
  type AlbEvent,
  type ApiGatewayV1Event,
  type ApiGatewayV2Event,
  type HttpEvent,
  type HttpResult,
  type PayloadFormat,
} from './http-event.js';
export { Invocation, type DebugNote, type SecretValues } from './invocation.js';
export { jsonLinesLogger } from './json-lines.logger.js';
export type { LambdaContext } from './lambda-context.js';
export {
  HaltError,
  isHaltError,
  PeerNotInstalledError,
  ResponseAbortedError,
  UnsupportedEventError,
} from './lambda.errors.js';
export type { WebsocketEvent, WebsocketResult } from './websocket-event.js';
export type { Preparable } from './preparation.js';
