import type { Request, RequestHandler } from 'express';
import type { IdGenerator } from '@tenon/core';

const HEADER = 'x-request-id';
const ids = new WeakMap<Request, string>();

/** Keeps a well-formed request id of the caller, or makes one, and answers it in `x-request-id`. */
export function requestId(generator: IdGenerator): RequestHandler {
  return (request, response, next) => {
    const given = request.headers[HEADER];
    const id =
      typeof given === 'string' && /^[\w.:-]{8,100}$/.test(given) ? given : generator.next();
    ids.set(request, id);
    response.setHeader(HEADER, id);
    next();
  };
}

/** The id of a request that passed {@link requestId}. */
export function requestIdOf(request: Request): string {
  return ids.get(request) ?? 'unknown';
}
