import { Secret } from '@tenon/core';
import type { Encryptor, PageQuery, Persistence } from '@tenon/core';
import type { Made, Suite } from './suite.js';

/** Where a secret is kept, in the words of its encryption context. */
export interface SecretCell {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/** Reaches the rows past the adapter: raw SQL, or the raw driver. */
export interface PersistenceSecondPath {
  /** Everything that is stored, as text. */
  dump(): Promise<string>;
  readSecret(cell: SecretCell): Promise<string | null>;
  writeSecret(cell: SecretCell, ciphertext: string): Promise<void>;
}

/** A persistence under test. */
export interface PersistenceUnderTest extends Made {
  /** Prepared, on an empty database or one that other suites use too. */
  readonly persistence: Persistence;
  readonly secondPath?: PersistenceSecondPath;
  /** The same data through another encryptor and connections of its own. The contract closes it. */
  reopen?(encryptor: Encryptor): Promise<Persistence>;
}

export type PersistenceSuite = Suite<PersistenceUnderTest>;

/** The first page. */
export const firstPage: PageQuery = { limit: 200, after: null };

/** A moment `ms` after another. */
export function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}

/** The value with its secrets laid open, so that they are compared too. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return { secret: revealed(value.reveal()) };
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(revealed);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, revealed(member)]),
  );
}

/** Runs `work` `count` times at once. */
export function atOnce<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

/** Code of the error that the promise is rejected with, or null. */
export async function codeOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
