import { readFile } from 'node:fs/promises';
import { secret } from '@tenon/core';
import type { Secret } from '@tenon/core';
import { readEnvironment } from '../app/environment.js';
import { UsageError } from '../cli.errors.js';
import { textFlag } from '../flags.js';
import type { Io } from '../io.js';

/** The variable of the archive key. */
export const ARCHIVE_KEY = 'TENON_ARCHIVE_KEY';

/** Never the key itself: other users of a machine can read the arguments of a program. */
export const keyFileFlag = textFlag(
  'FILE',
  `File that holds the archive key (default: the variable ${ARCHIVE_KEY})`,
);

/**
 * The archive key that a file or the environment holds; null when there is none.
 * @throws UsageError when the file cannot be read.
 */
export async function findArchiveKey(io: Io, file: string | null): Promise<Secret<string> | null> {
  if (file === null) {
    const value = readEnvironment(io)[ARCHIVE_KEY] ?? '';
    return value === '' ? null : secret(value);
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code = '' } = error as { readonly code?: string };
    throw new UsageError(`The archive key cannot be read from ${file}: ${code}`);
  });
  return secret(text.trim());
}

/** @throws UsageError when there is none. */
export async function archiveKey(io: Io, file: string | null): Promise<Secret<string>> {
  const key = await findArchiveKey(io, file);
  if (key) return key;
  throw new UsageError(
    `There is no archive key: set ${ARCHIVE_KEY}, or name a file that holds it with --key-file FILE; ` +
      "'openssl rand -base64 32' makes one",
  );
}
