import { TenonError } from '@tenon/core';

/** `MIGRATION_EDITED`: an index is there in another form. */
export function indexChanged(index: string): TenonError {
  return new TenonError({
    code: 'MIGRATION_EDITED',
    category: 'misconfigured',
    message: `The index ${index} is not as this version describes it: compare it with prisma-mongodb/schema.prisma, drop it by hand and deploy again`,
    details: { migration: index },
  });
}

/** `MIGRATION_FAILED`: the server refused an index, for example because rows break a unique rule. */
export function indexFailed(index: string, cause: unknown): TenonError {
  const { codeName, code } = cause as { codeName?: string; code?: unknown };
  const reason = codeName ?? (code === 11000 ? 'rows have the same key' : 'the server refused it');
  return new TenonError({
    code: 'MIGRATION_FAILED',
    category: 'misconfigured',
    message: `The index ${index} could not be made: ${reason}. Mend the cause and deploy again`,
    details: { migration: index },
    cause,
  });
}
