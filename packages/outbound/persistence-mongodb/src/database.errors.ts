import {
  isTenonError,
  TenonError,
  UnavailableError,
  UniqueConflictError,
  ValidationError,
} from '@tenon/core';
import { UNIQUE_KEYS } from './unique-keys.js';

/** An error of the driver, by shape: it may come from another copy of the driver. */
interface DriverError extends Error {
  readonly code?: number | string;
  readonly codeName?: string;
  hasErrorLabel?(label: string): boolean;
  readonly reason?: unknown;
}

const DUPLICATE_KEY = 11000;

/** NotWritablePrimary, shutting down, stepping down, host unreachable …: the server goes, another one comes. */
const SERVER_GONE = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
const CONFLICT = new Set([112, 24, 225, 244, 246, 251]);
const DENIED = new Set([13, 18, 8000]);
const TOO_LATE = new Set([50, 202]);
const TOO_LARGE = new Set([10334, 17280, 17419, 17420]);

function isErrorLike(error: unknown): error is DriverError {
  return typeof error === 'object' && error !== null && 'message' in error;
}

/** Whether the driver gave the error this label. */
export function hasLabel(error: unknown, label: string): boolean {
  if (!isErrorLike(error)) return false;
  if (isTenonError(error)) return hasLabel(error.cause, label);
  return error.hasErrorLabel?.(label) ?? false;
}

/** Whether the whole transaction may succeed when it is repeated. */
export function isTransactionConflict(error: unknown): boolean {
  if (isTenonError(error) && error.code === 'DATABASE_CONFLICT') return true;
  return hasLabel(error, 'TransientTransactionError');
}

/** Whether a row with the same key is there already. */
export function isUniqueConflict(error: unknown): boolean {
  return isTenonError(error) && error.code === 'UNIQUE_CONFLICT';
}

function unavailable(cause: unknown, why: string): UnavailableError {
  return new UnavailableError(
    'DATABASE_UNAVAILABLE',
    `The database does not answer: ${why}`,
    cause,
  );
}

function misconfigured(code: string, message: string, cause: unknown): TenonError {
  return new TenonError({ code, category: 'misconfigured', message, cause });
}

/** Transactions met, or rows that were inserted at the same moment did. */
export function conflictError(cause: unknown): TenonError {
  return new TenonError({
    code: 'DATABASE_CONFLICT',
    category: 'conflict',
    retryable: true,
    message: "Transactions got in each other's way; repeat this one",
    cause,
  });
}

function timeout(message: string, cause: unknown): TenonError {
  return new TenonError({ code: 'DATABASE_TIMEOUT', category: 'timeout', message, cause });
}

function tooLarge(cause: unknown): ValidationError {
  const message = 'larger than MongoDB stores in one document (16 MB)';
  const error = new ValidationError('The value to store', [{ path: '', message }]);
  error.cause = cause;
  return error;
}

function uniqueConflict(error: DriverError): UniqueConflictError {
  // The message holds values; only the name of the index is taken from it.
  const [, collection = '', index = ''] =
    /collection: \S*?\.(\S+?)\s+index: (\S+)/.exec(error.message) ?? [];
  const known = UNIQUE_KEYS[index === '_id_' ? `${collection}_pkey` : index];
  const [thing, key] = known ?? ['row', 'key'];
  return new UniqueConflictError(thing, key, error);
}

/** `TRANSACTION_ABORTED`: an error inside of a transaction was caught, and the work went on. */
export function transactionAborted(cause?: unknown): TenonError {
  return new TenonError({
    code: 'TRANSACTION_ABORTED',
    category: 'internal',
    message: 'A statement of this transaction failed before; nothing of the transaction is kept',
    cause,
  });
}

/** `TRANSACTION_ENDED`: repositories of a transaction were used after it. */
export function transactionEnded(): TenonError {
  return new TenonError({
    code: 'TRANSACTION_ENDED',
    category: 'internal',
    message: 'The transaction is over: await everything that its work begins',
  });
}

/** The client was closed. */
export function closedError(): UnavailableError {
  return new UnavailableError('DATABASE_UNAVAILABLE', 'The persistence is closed');
}

function byCode(error: DriverError): TenonError | undefined {
  const code = Number(error.code);
  if (code === DUPLICATE_KEY) return uniqueConflict(error);
  if (CONFLICT.has(code) || hasLabel(error, 'TransientTransactionError'))
    return conflictError(error);
  if (TOO_LATE.has(code)) {
    return timeout('The statement took longer than statementTimeoutMs', error);
  }
  if (DENIED.has(code)) {
    const message = 'The database refuses this user: check user, password and roles';
    return misconfigured('DATABASE_ACCESS_DENIED', message, error);
  }
  if (TOO_LARGE.has(code)) return tooLarge(error);
  return SERVER_GONE.has(code)
    ? unavailable(error, error.codeName ?? 'it is going away')
    : undefined;
}

const UNREACHABLE =
  /^Mongo(Network|NetworkTimeout|ServerSelection|TopologyClosed|NotConnected|PoolCleared|PoolClosed|ServerClosed|SystemOverload)\w*Error$/;

function byName(error: DriverError, poolSize: number): TenonError | undefined {
  const { name, message } = error;
  if (name === 'MongoWaitQueueTimeoutError') {
    return new UnavailableError(
      'DATABASE_POOL_EXHAUSTED',
      `All ${poolSize} database connections stayed busy for longer than connectTimeoutMs: raise poolSize, or do less at once`,
      error,
    );
  }
  if (/TLS|SSL|certificate/i.test(message) && /Mongo(Network|ServerSelection)/.test(name)) {
    return misconfigured(
      'DATABASE_TLS_FAILED',
      'No TLS with the database: check certificates',
      error,
    );
  }
  if (message.includes('timed out') && name === 'MongoNetworkTimeoutError') {
    return timeout('No answer came', error);
  }
  // A bulk write wraps what the connection reports, and leaves the class of it behind.
  if (name === 'MongoBulkWriteError' && error.code === undefined) {
    if (message.includes('timed out')) return timeout('No answer came', error);
    return unavailable(error, 'the connection broke during a bulk write');
  }
  if (UNREACHABLE.test(name)) return unavailable(error, 'no connection within connectTimeoutMs');
  if (name === 'MongoParseError' || name === 'MongoInvalidArgumentError') {
    return misconfigured(
      'DATABASE_MISCONFIGURED',
      'The driver refuses an option or the address',
      error,
    );
  }
  // The BSON library measures before it sends.
  if (name === 'RangeError' || /larger than|offset.*out of range/i.test(message))
    return tooLarge(error);
  return undefined;
}

/** Turns what the driver threw into an error of the house. Errors of the house pass. */
export function translateError(error: unknown, poolSize: number): unknown {
  if (isTenonError(error) || !isErrorLike(error)) return error;
  const known = byCode(error) ?? byName(error, poolSize);
  if (known) return known;
  if (!error.name.startsWith('Mongo')) return error;
  return new TenonError({
    code: 'DATABASE_ERROR',
    category: 'internal',
    message: `The database refused a statement (${error.code ?? error.name})`,
    cause: error,
  });
}
