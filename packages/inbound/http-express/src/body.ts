import type { Request } from 'express';
import { bodyNotJson, bodyTooDeep } from './http.errors.js';

const EMPTY = Buffer.alloc(0);
/** Below what checking by recursion takes. */
const MAX_DEPTH = 200;

/** The bytes of a request that passed `rawBody`. */
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
