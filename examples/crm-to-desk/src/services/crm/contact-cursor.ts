import { badRequest } from '../http/service-error.js';

const PREFIX = 'contacts:';

/** Makes the opaque cursor that continues at a position. */
export function encodeCursor(index: number): string {
  return Buffer.from(`${PREFIX}${index}`).toString('base64url');
}

/**
 * Reads a cursor; none means the beginning.
 * @throws ServiceError 400 when the CRM did not make it.
 */
export function decodeCursor(cursor: string | null): number {
  if (cursor === null || cursor === '') return 0;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const match = /^contacts:(\d{1,15})$/.exec(text);
  if (match === null) throw badRequest('invalid_cursor', 'The cursor is not one of this API.');
  return Number(match[1]);
}

/**
 * Reads the page size: 100 when it is not given.
 * @throws ServiceError 400 unless it is a whole number from 1 to 1000.
 */
export function readLimit(value: string | null): number {
  if (value === null) return 100;
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw badRequest('invalid_limit', 'limit must be a whole number from 1 to 1000.');
}
