import type { Environment } from '@tenon/core';
import { UsageError } from '../cli.errors.js';
import { switchFlag, textFlag } from '../flags.js';
import type { FlagValues } from '../flags.js';

/** Which database a copy goes to, and under which keys. */
export const targetFlags = {
  to: textFlag('VARIABLE', 'Variable that holds the address of the other database'),
  'to-keys': textFlag(
    'VARIABLE',
    'Variable that holds its encryption keys, as TENON_ENCRYPTION_KEYS does (default: those of the app)',
  ),
  'to-kms': textFlag('VARIABLE', 'Variable that holds its keys of KMS, as TENON_KMS_KEY_ARN does'),
  'to-rls': switchFlag('It has row-level security, as with TENON_DATABASE_RLS=true'),
};

function valueOf(environment: Environment, flag: string, name: string): string {
  const value = environment[name] ?? '';
  if (value !== '') return value;
  throw new UsageError(`--${flag} names the variable ${name}, which is not set`);
}

function addressOf(environment: Environment, given: string | null): string {
  if (given === null) {
    throw new UsageError(
      '--to is missing: --to TARGET_DATABASE_URL names the variable that holds the address of the other database',
    );
  }
  if (!given.includes('://')) return valueOf(environment, 'to', given);
  // Other users of a machine can read the arguments of a program.
  if (URL.canParse(given) && new URL(given).password === '') return given;
  throw new UsageError(
    '--to holds a password, which other users of this machine can read: put the address into a variable and name that, --to TARGET_DATABASE_URL',
  );
}

/**
 * The environment of an app on the other database.
 * @throws UsageError naming the flag, and never a value.
 */
export function targetEnvironment(
  environment: Environment,
  flags: FlagValues<typeof targetFlags>,
): Environment {
  const address = addressOf(environment, flags.to);
  const { 'to-keys': keys, 'to-kms': kms, 'to-rls': rls } = flags;
  const isMongodb = address.startsWith('mongodb');
  if (rls && isMongodb)
    throw new UsageError('--to-rls is for PostgreSQL, and --to names a MongoDB');
  const ownKeys = keys === null && kms === null;
  return {
    ...environment,
    DATABASE_URL: address,
    ...(isMongodb && { TENON_DATABASE_RLS: undefined }),
    ...(rls && { TENON_DATABASE_RLS: 'true' }),
    ...(!ownKeys && {
      TENON_LOCAL_KEY_FILE: undefined,
      TENON_ENCRYPTION_KEYS: keys === null ? undefined : valueOf(environment, 'to-keys', keys),
      TENON_KMS_KEY_ARN: kms === null ? undefined : valueOf(environment, 'to-kms', kms),
    }),
  };
}
