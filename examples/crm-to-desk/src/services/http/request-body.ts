import type { IncomingMessage } from 'node:http';

import { ServiceError, badRequest } from './service-error.js';

const DEFAULT_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Reads a whole request body as bytes.
 * @throws ServiceError 413 when it is longer than `limitBytes`.
 */
export async function readBytes(
  request: IncomingMessage,
  limitBytes: number = DEFAULT_LIMIT_BYTES,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) {
      throw new ServiceError(413, 'body_too_large', {
        message: `The body is longer than ${limitBytes} bytes.`,
        headers: { connection: 'close' },
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Parses bytes as a JSON object; an empty body counts as `{}`.
 * @throws ServiceError 400 when it is something else.
 */
export function parseObject(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw badRequest('invalid_json', 'The body is not valid JSON.');
  }
  if (!isObject(value)) throw badRequest('invalid_json', 'The body must be a JSON object.');
  return value;
}

/** Reads an HTML form body. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams((await readBytes(request, 64 * 1024)).toString('utf8'));
}

/** Whether a value is an object with named fields. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
