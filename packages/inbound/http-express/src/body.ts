import express from 'express';
import type { Request, RequestHandler } from 'express';
import { bodyNotJson, bodyTooLarge } from './http.errors.js';

const EMPTY = Buffer.alloc(0);

/** Reads bodies of any type as bytes, which webhooks need as they came. @throws TenonError `BODY_TOO_LARGE`. */
export function rawBody(limitBytes: number): RequestHandler {
  const read: RequestHandler = express.raw({ type: () => true, limit: limitBytes });
  return (request, response, next) => {
    read(request, response, (error?: unknown) => {
      const tooLarge =
        error instanceof Error && 'type' in error && error.type === 'entity.too.large';
      next(tooLarge ? bodyTooLarge(limitBytes) : error);
    });
  };
}

/** The bytes of a request that passed {@link rawBody}. */
export function bytesOf(request: Request): Buffer {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : EMPTY;
}

/** The JSON of a request; undefined for an empty body. @throws TenonError `BODY_NOT_JSON`. */
export function jsonOf(request: Request): unknown {
  const bytes = bytesOf(request);
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw bodyNotJson(error);
  }
}
