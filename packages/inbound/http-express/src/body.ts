import express from 'express';
import type { Request, RequestHandler } from 'express';
import { bodyNotJson, bodyTooDeep, bodyTooLarge, bodyUnreadable } from './http.errors.js';

const EMPTY = Buffer.alloc(0);
/** Below what checking by recursion takes. */
const MAX_DEPTH = 200;

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

/** The bytes of a request that passed {@link rawBody}. */
export function bytesOf(request: Request): Buffer {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : EMPTY;
}

/** Level by level, so that depth costs no stack. */
function isDeeperThan(limit: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((each): unknown[] =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
  return false;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw bodyNotJson(error);
  }
}

/** The JSON of a request; undefined for an empty body. @throws TenonError `BODY_NOT_JSON`, `BODY_TOO_DEEP`. */
export function jsonOf(request: Request): unknown {
  const bytes = bytesOf(request);
  if (bytes.length === 0) return undefined;
  const json = parse(bytes.toString('utf8'));
  if (isDeeperThan(MAX_DEPTH, json)) throw bodyTooDeep(MAX_DEPTH);
  return json;
}
