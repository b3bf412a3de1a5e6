import { TenonError, UnavailableError } from '@tenon/core';

/** `DATABASE_UNAVAILABLE`: used after it was closed. */
export function databaseClosed(): UnavailableError {
  return new UnavailableError('DATABASE_UNAVAILABLE', 'The database in memory is closed');
}

/** `TRANSACTION_BYPASSED`: something inside a transaction would wait for the end of that same transaction. */
export function transactionBypassed(): TenonError {
  return new TenonError({
    code: 'TRANSACTION_BYPASSED',
    category: 'internal',
    message:
      'Inside of transaction(work), use the repositories that work is given: the others wait for the transaction to end, so it never would',
  });
}

/** `TRANSACTION_ENDED`: repositories of a transaction were used after it. */
export function transactionEnded(): TenonError {
  return new TenonError({
    code: 'TRANSACTION_ENDED',
    category: 'internal',
    message:
      'These repositories belong to a transaction that has ended; await all work inside of it',
  });
}

/** `TRANSACTION_ABORTED`: a conflict was caught inside of a transaction, which a database cannot go on from. */
export function transactionAborted(cause: unknown): TenonError {
  return new TenonError({
    code: 'TRANSACTION_ABORTED',
    category: 'internal',
    message: 'A statement of this transaction failed before; nothing of the transaction is kept',
    cause,
  });
}
