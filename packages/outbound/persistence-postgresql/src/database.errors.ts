import {
  auditTrailKept,
  isTenonError,
  TenonError,
  UnavailableError,
  UniqueConflictError,
  ValidationError,
} from '@tenon/core';
import { UNIQUE_KEYS } from './unique-keys.js';

interface DriverError extends Error {
  readonly code?: string;
  readonly constraint?: string;
}

const SOCKET_CODES = new Set(
  'ECONNREFUSED ECONNRESET ENOTFOUND EAI_AGAIN EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH'.split(' '),
);
const LOST =
  /^(Connection terminated|Client has encountered a connection error|Query read timeout)/;
const NO_CONNECTION = 'timeout exceeded when trying to connect';

/** Codes of PostgreSQL that mean that the server ends or refuses the session. */
function isServerGone(code: string): boolean {
  return code.startsWith('08') || /^57P0[1-5]$/.test(code) || code === '53300' || code === '25P03';
}

/** Whether the connection on which `error` happened must not be used again. */
export function breaksConnection(error: unknown): boolean {
  const { code = '', message } = error as DriverError;
  return SOCKET_CODES.has(code) || isServerGone(code) || LOST.test(message);
}

/** Whether the whole transaction may succeed when it is repeated: serialisation failure, deadlock. */
export function isTransactionConflict(error: unknown): boolean {
  return isTenonError(error) && error.code === 'DATABASE_CONFLICT';
}

function unavailable(cause: unknown, why: string): UnavailableError {
  return new UnavailableError(
    'DATABASE_UNAVAILABLE',
    `The database does not answer: ${why}`,
    cause,
  );
}

/** The pool has no free connection, or the server did not take a new one in time. */
export function noConnectionError(cause: unknown, busy: boolean, poolSize: number): TenonError {
  if (!busy) return unavailable(cause, 'no connection within connectTimeoutMs');
  return new UnavailableError(
    'DATABASE_POOL_EXHAUSTED',
    `All ${poolSize} database connections stayed busy for longer than connectTimeoutMs: raise poolSize, or do less at once`,
    cause,
  );
}

function isErrorLike(error: unknown): error is DriverError {
  return typeof error === 'object' && error !== null && 'message' in error;
}

/** Whether the pool gave up waiting. */
export function isNoConnection(error: unknown): boolean {
  return isErrorLike(error) && error.message.startsWith(NO_CONNECTION);
}

function uniqueConflict(error: DriverError): UniqueConflictError {
  const [thing, key] = UNIQUE_KEYS[error.constraint ?? ''] ?? ['row', error.constraint ?? 'key'];
  return new UniqueConflictError(thing, key, error);
}

function invalidValue(message: string): ValidationError {
  return new ValidationError('The value to store', [{ path: '', message }]);
}

/** `NUMBER_OUT_OF_RANGE`: a number, given or computed by the statement, does not fit into its column. */
function outOfRange(cause: unknown): TenonError {
  return new TenonError({
    code: 'NUMBER_OUT_OF_RANGE',
    category: 'too_large',
    message: 'A number is larger than its column holds; nothing was written',
    cause,
  });
}

/** Whether a number did not fit into its column. */
export function isOutOfRange(error: unknown): boolean {
  return isTenonError(error) && error.code === 'NUMBER_OUT_OF_RANGE';
}

type Translate = (error: DriverError) => TenonError;

const BY_CODE: Readonly<Record<string, Translate>> = {
  '23505': uniqueConflict,
  '23503': (error) =>
    new TenonError({
      code: 'REFERENCE_MISSING',
      category: 'conflict',
      message: 'What this row belongs to does not exist, or was deleted meanwhile',
      details: { constraint: error.constraint ?? '' },
      cause: error,
    }),
  '23001': (error) => (error.constraint === 'audit_trail' ? auditTrailKept(error) : refused(error)),
  '40001': conflict,
  '40P01': conflict,
  '55P03': conflict,
  '57014': (error) => timeout('The statement took longer than statementTimeoutMs', error),
  '42P01': schemaMissing,
  '42703': schemaMissing,
  '28P01': accessDenied,
  '28000': accessDenied,
  '42501': accessDenied,
  '3D000': (error) =>
    misconfigured('DATABASE_MISSING', 'The database does not exist: create it first', error),
  '22021': () => invalidValue('PostgreSQL stores no text with the character U+0000'),
  '22P05': () => invalidValue('PostgreSQL stores no text with the character U+0000'),
  '22P02': () => invalidValue('an id is no UUID, or text has half a surrogate pair'),
  '22001': () => invalidValue('longer than the column allows'),
  '54000': () => invalidValue('too long for a key'),
  '22003': outOfRange,
  '25P02': transactionAborted,
};

function misconfigured(code: string, message: string, cause: unknown): TenonError {
  return new TenonError({ code, category: 'misconfigured', message, cause });
}

function conflict(cause: unknown): TenonError {
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

function schemaMissing(cause: unknown): TenonError {
  return schemaMissingError('a table or column is missing', cause);
}

function accessDenied(cause: unknown): TenonError {
  const message = 'The database refuses this user: check user, password and grants';
  return misconfigured('DATABASE_ACCESS_DENIED', message, cause);
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

/** `DATABASE_SCHEMA_MISSING`: tables are not there or older than this version. */
export function schemaMissingError(what: string, cause?: unknown): TenonError {
  return misconfigured(
    'DATABASE_SCHEMA_MISSING',
    `The database does not have the schema of this version (${what}): run 'tenon migrate deploy'`,
    cause,
  );
}

/** Turns what the driver threw into an error of the house. Errors of the house pass. */
export function translateError(error: unknown): unknown {
  // By shape: errors of Node itself have another class where modules run in a context of their own.
  if (isTenonError(error) || !isErrorLike(error)) return error;
  const driver = error;
  const translate = BY_CODE[driver.code ?? ''];
  if (translate) return translate(driver);
  if (error.message.startsWith('Query read timeout')) {
    // The server itself would have ended the statement before: nothing of it comes through any more.
    return unavailable(error, 'no answer within statementTimeoutMs, the connection is lost');
  }
  if (breaksConnection(error)) return unavailable(error, driver.code ?? error.message);
  if (/TLS|SSL|certificate/i.test(error.message)) {
    return misconfigured(
      'DATABASE_TLS_FAILED',
      `No TLS with the database: ${error.message}`,
      error,
    );
  }
  if (driver.code === undefined) return error;
  return refused(driver);
}

function refused(error: DriverError): TenonError {
  return new TenonError({
    code: 'DATABASE_ERROR',
    category: 'internal',
    message: `The database refused a statement (${error.code ?? ''})`,
    cause: error,
  });
}

/** The pool was closed. */
export function closedError(): UnavailableError {
  return new UnavailableError('DATABASE_UNAVAILABLE', 'The persistence is closed');
}
