import { TenonError } from '@tenon/core';

function migrationError(
  code: string,
  message: string,
  more: { readonly migration: string; readonly cause?: unknown },
): TenonError {
  const { migration, cause } = more;
  const details = { migration };
  return new TenonError({ code, category: 'misconfigured', message, details, cause });
}

/** `MIGRATION_FAILED`: a script failed, now or in an earlier run. Nothing of the script was kept. */
export function migrationFailed(migration: string, reason: string, cause?: unknown): TenonError {
  return migrationError(
    'MIGRATION_FAILED',
    `The migration ${migration} failed: ${reason}. Mend the cause, then mark it as rolled back ` +
      `(npx prisma migrate resolve --rolled-back ${migration}) and deploy again`,
    { migration, cause },
  );
}

/** `MIGRATION_EDITED`: the database has the migration in another wording. */
export function migrationEdited(migration: string): TenonError {
  return migrationError(
    'MIGRATION_EDITED',
    `The migration ${migration} was edited after it was applied: restore its text and put the change into a new migration`,
    { migration },
  );
}

/** `MIGRATION_UNKNOWN`: the database is ahead of this version. */
export function migrationUnknown(migration: string): TenonError {
  return migrationError(
    'MIGRATION_UNKNOWN',
    `The database has the migration ${migration}, which this version does not know: deploy the newer version`,
    { migration },
  );
}
