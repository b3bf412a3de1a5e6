import type { ErrorRequestHandler, Response } from 'express';
import { isTenonError } from '@tenon/core';
import type { JsonObject, Logger } from '@tenon/core';
import { isPublic, statusOfError } from './error-status.js';
import { pathMalformed } from './http.errors.js';
import { requestIdOf } from './request-id.js';

/** Problem details (RFC 9457), with Tenon's stable error code. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly details?: JsonObject;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Authentication needed',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not valid',
  429: 'Too many requests',
  499: 'Cancelled',
  500: 'Internal error',
  502: 'The third-party service refused',
  503: 'Unavailable',
  504: 'Too slow',
};

/** Describes an error for the caller; what is inside stays inside. */
export function toProblem(error: unknown, requestId: string): Problem {
  const status = statusOfError(error);
  const title = TITLES[status] ?? 'Error';
  if (isTenonError(error) && isPublic(error.category)) {
    const details = Object.keys(error.details).length > 0 ? { details: error.details } : {};
    return {
      type: 'about:blank',
      title,
      status,
      detail: error.message,
      code: error.code,
      requestId,
      ...details,
    };
  }
  const detail = `Something went wrong on our side; quote the request id '${requestId}' when you ask about it`;
  return { type: 'about:blank', title, status, detail, code: 'INTERNAL', requestId };
}

/** Sends a problem. */
export function sendProblem(response: Response, problem: Problem, retryAfterMs?: number): void {
  if (retryAfterMs !== undefined)
    response.setHeader('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  if (problem.status === 401) response.setHeader('www-authenticate', 'Bearer');
  response.status(problem.status).setHeader('content-type', 'application/problem+json');
  response.end(JSON.stringify(problem));
}

/** Express' router answers paths that it cannot decode with an error of its own. */
function translated(error: unknown): unknown {
  return error instanceof URIError && 'status' in error ? pathMalformed() : error;
}

/** Turns every error into problem details, and logs those that are ours. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  // Express tells error handlers by their four parameters.
  // eslint-disable-next-line @typescript-eslint/max-params -- the signature is Express' own
  return (thrown: unknown, request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const error = translated(thrown);
    const problem = toProblem(error, requestIdOf(request));
    const line = {
      requestId: problem.requestId,
      status: problem.status,
      code: problem.code,
      method: request.method,
    };
    if (problem.status >= 500)
      logger.error('A request failed', { ...line, path: request.path, error });
    else logger.debug('A request was refused', line);
    sendProblem(response, problem, isTenonError(error) ? error.retryAfterMs : undefined);
  };
}
