import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpEvent, HttpResult } from './http-event.js';
import type { LambdaContext } from './lambda-context.js';

/** An Express app, or any listener of `http.createServer`. */
export type HttpListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Answers one HTTP event. */
export type HttpEngine = (event: HttpEvent, context: LambdaContext) => Promise<HttpResult>;

/** What every engine is told. */
export interface HttpEngineSettings {
  /** Handler name, for errors. */
  readonly name: string;
  /** Normalised: empty, or with a leading and without a trailing slash. */
  readonly basePath: string;
}

/** The invocation behind a request. */
export interface LambdaInvocation {
  readonly event: HttpEvent;
  readonly context: LambdaContext;
}

const INVOCATION = Symbol.for('tenon.lambda.invocation');

interface WithInvocation {
  [INVOCATION]?: LambdaInvocation;
}

/** Remembers on the request which invocation it belongs to. */
export function attachInvocation(request: object, event: HttpEvent, context: LambdaContext): void {
  (request as WithInvocation)[INVOCATION] = { event, context };
}

/** The event and context that `request` was made of, or undefined when it came over a real connection. */
export function lambdaInvocationOf(request: object): LambdaInvocation | undefined {
  return (request as WithInvocation)[INVOCATION];
}
