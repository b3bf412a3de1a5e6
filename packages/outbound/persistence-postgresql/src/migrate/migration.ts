import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One folder of `prisma-postgresql/migrations`. */
export interface Migration {
  /** Its name begins with its time, so that names sort in the order of application. */
  readonly name: string;
  readonly sql: string;
}

/** What Prisma stores to notice that a migration was edited: SHA-256 of the script, in hex. */
export function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

/** Reads a folder in Prisma's layout: `<name>/migration.sql`. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      sql: await readFile(join(folder, name, 'migration.sql'), 'utf8'),
    })),
  );
}
