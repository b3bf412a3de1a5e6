import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { MisconfiguredError } from '@tenon/core';
import { commandOf, type RunAs } from './run-as.js';

/** Where a server keeps its files. */
export interface DataDirectory {
  readonly path: string;
  readonly pgdata: string;
  readonly password: string;
  readonly ephemeral: boolean;
}

const run = promisify(execFile);

/** Gives a path to the user who runs the server. */
async function give(path: string, { owner }: RunAs): Promise<void> {
  if (owner) await chown(path, owner.uid, owner.gid);
}

async function passwordIn(path: string): Promise<string> {
  const file = join(path, 'password');
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null) return known;
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

/** Opens or makes the folder; a temporary one when `dataDir` is not given. */
export async function openDataDirectory(options: {
  readonly dataDir?: string | undefined;
  readonly ephemeral: boolean;
}): Promise<DataDirectory> {
  const path = options.dataDir
    ? resolve(options.dataDir)
    : await mkdtemp(join(tmpdir(), 'tenon-pg-'));
  await mkdir(path, { recursive: true });
  const password = await passwordIn(path);
  return { path, pgdata: join(path, 'data'), password, ephemeral: options.ephemeral };
}

/** Makes the database cluster unless the folder has one. @throws MisconfiguredError with what `initdb` said. */
export async function initialise(
  directory: DataDirectory,
  initdb: string,
  runAs: RunAs,
): Promise<void> {
  if (await stat(join(directory.pgdata, 'global', 'pg_control')).catch(() => null)) return;
  await rm(directory.pgdata, { recursive: true, force: true });
  const passwordFile = join(directory.path, 'password');
  await give(directory.path, runAs);
  await give(passwordFile, runAs);
  const args = ['-D', directory.pgdata, '-U', 'postgres', `--pwfile=${passwordFile}`];
  args.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale=C');
  if (directory.ephemeral) args.push('--no-sync');
  try {
    const [command, rest] = commandOf(runAs, initdb, args);
    await run(command, rest, { ...runAs.ids, cwd: directory.path });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    throw new MisconfiguredError(
      `The embedded PostgreSQL could not make its data directory ${directory.pgdata}: ${said || String(error)}` +
        (runAs.owner
          ? `. It runs as user ${runAs.owner.uid}, who must be able to reach the folder and the package's binaries`
          : ''),
      { dataDir: directory.path },
    );
  }
}
