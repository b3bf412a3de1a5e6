import type { IncomingMessage } from 'node:http';
import { createRequest } from './gateway-request.js';
import { createResponse } from './gateway-response.js';
import { payloadFormatOf, type HttpResult } from './http-event.js';
import {
  attachInvocation,
  type HttpEngine,
  type HttpEngineSettings,
  type HttpListener,
} from './http-engine.js';
import { toHttpResult } from './http-result.js';
import { RequestShape } from './request-shape.js';
import { ResponseAbortedError, UnsupportedEventError } from './lambda.errors.js';

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/** A server reads off what the app left unread; here it matters only to those who wait for the end of it. */
function drain(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return;
  if (request.listenerCount('end') + request.listenerCount('close') > 0) request.resume();
}

/**
 * Calls the listener with a request and a response made directly of the event: no server, no socket, no rendered
 * headers.
 */
export function directEngine(listener: HttpListener, settings: HttpEngineSettings): HttpEngine {
  const { name, basePath } = settings;
  const shape = new RequestShape();
  return (event, context) =>
    new Promise<HttpResult>((resolve, reject) => {
      const format = payloadFormatOf(event);
      if (format === null) throw new UnsupportedEventError(name);
      const aborted = (error: Error | undefined): void => {
        reject(new ResponseAbortedError(error));
      };
      const request = createRequest(event, {
        format,
        basePath,
        shape,
        requestId: context.awsRequestId,
        onSocketDestroyed: aborted,
      });
      attachInvocation(request, event, context);
      const response = createResponse(request, {
        aborted,
        finished: (collected) => {
          resolve(toHttpResult(collected, format));
          drain(request);
          shape.learn(request);
        },
      });
      const returned = listener(request, response);
      if (isThenable(returned)) returned.then(undefined, reject);
    });
}
