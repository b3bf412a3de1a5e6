import express from 'express';
import type { RequestHandler } from 'express';
import { bodyTooLarge, bodyUnreadable } from './http.errors.js';

/** Errors of body-parser carry the status that they mean. */
function isClientError(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  return status >= 400 && status < 500;
}

function translated(error: unknown, limitBytes: number): unknown {
  if (error instanceof Error && 'type' in error && error.type === 'entity.too.large') {
    return bodyTooLarge(limitBytes);
  }
  return isClientError(error) ? bodyUnreadable(error) : error;
}

/** Reads bodies of any type as bytes, which webhooks need as they came. @throws TenonError `BODY_TOO_LARGE`, `BODY_UNREADABLE`. */
export function rawBody(limitBytes: number): RequestHandler {
  const read: RequestHandler = express.raw({ type: () => true, limit: limitBytes });
  return (request, response, next) => {
    read(request, response, (error?: unknown) => {
      next(translated(error, limitBytes));
    });
  };
}
