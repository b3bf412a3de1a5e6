import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { MisconfiguredError, UnavailableError, validateOptions } from '@tenon/core';
import { findBinaries, type Binaries } from './binaries.js';
import { initialise, openDataDirectory, type DataDirectory } from './data-directory.js';
import { freePort } from './free-port.js';
import { unprivilegedUser, type RunAs } from './run-as.js';
import { ServerProcess } from './server-process.js';
import { clearStaleServer } from './stale-server.js';

/** Options of {@link startEmbeddedPostgres}. */
export interface EmbeddedPostgresOptions {
  /** Folder of the data; kept between starts. Default: a temporary one that is removed with the server. */
  readonly dataDir?: string;
  /** Loopback port. Default: a free one. */
  readonly port?: number;
  /** Trades crash safety for speed and removes the folder at the end. Default: true without `dataDir`, else false. */
  readonly ephemeral?: boolean;
  /** How long to wait for the server, in milliseconds. Default 30000. */
  readonly startTimeoutMs?: number;
}

/** A running PostgreSQL server that belongs to this process. */
export interface EmbeddedPostgres {
  /** Address of the database `postgres`, with the password. */
  readonly databaseUrl: string;
  readonly port: number;
  readonly dataDir: string;
  /** Address of a database of this server. */
  urlOf(database: string): string;
  /** Makes a database if there is none of this name; answers its address. */
  createDatabase(name: string): Promise<string>;
  /** Ends the server. Idempotent; a persistent folder can be started again. */
  stop(): Promise<void>;
}

interface Server {
  readonly process: ServerProcess;
  readonly port: number;
}

const urlOf = (directory: DataDirectory, port: number, database: string): string =>
  `postgresql://postgres:${directory.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function waitUntilReady(url: string, server: ServerProcess, end: number): Promise<boolean> {
  while (!server.hasExited && Date.now() < end) {
    const ready = await withClient(url, (client) => client.query('SELECT 1')).then(
      () => true,
      () => false,
    );
    if (ready) return true;
    await sleep(15);
  }
  return false;
}

function argsOf(directory: DataDirectory, port: number): readonly string[] {
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories='];
  settings.push('max_connections=100', 'timezone=UTC', 'log_timezone=UTC');
  if (directory.ephemeral) {
    settings.push('fsync=off', 'full_page_writes=off', 'synchronous_commit=off');
  }
  return ['-D', directory.pgdata, ...settings.flatMap((setting) => ['-c', setting])];
}

async function launch(
  directory: DataDirectory,
  input: { readonly binaries: Binaries; readonly runAs: RunAs; readonly port: number | undefined },
  end: number,
): Promise<Server> {
  const logFile = join(directory.path, 'server.log');
  for (;;) {
    const port = input.port ?? (await freePort());
    const server = new ServerProcess({
      command: input.binaries.postgres,
      args: argsOf(directory, port),
      folder: directory.path,
      runAs: input.runAs,
      ...(directory.ephemeral && { temporaryFolder: directory.path }),
    });
    if (await waitUntilReady(urlOf(directory, port, 'postgres'), server, end)) {
      return { process: server, port };
    }
    await server.stop();
    const log = (await readFile(logFile, 'utf8').catch(() => '')).trim();
    // Somebody took the free port meanwhile, or backends of a killed server are still ending.
    const mayPass =
      (log.includes('Address already in use') && input.port === undefined) ||
      log.includes('shared memory block');
    if (!mayPass || Date.now() > end) throw notStarted(directory, log);
    await sleep(100);
  }
}

function notStarted(directory: DataDirectory, log: string): UnavailableError {
  return new UnavailableError(
    'EMBEDDED_POSTGRES_FAILED',
    `The embedded PostgreSQL in ${directory.path} did not start: ${log.slice(-1000) || 'it said nothing'}`,
  );
}

function handleOf(directory: DataDirectory, server: Server): EmbeddedPostgres {
  return {
    databaseUrl: urlOf(directory, server.port, 'postgres'),
    port: server.port,
    dataDir: directory.path,
    urlOf: (database) => urlOf(directory, server.port, database),
    async createDatabase(name) {
      await withClient(urlOf(directory, server.port, 'postgres'), async (client) => {
        const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
        if (found.rowCount === 0) {
          await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
        }
      });
      return urlOf(directory, server.port, name);
    },
    async stop() {
      await server.process.stop();
      if (directory.ephemeral) await rm(directory.path, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a real PostgreSQL server for development and tests, as a child process on a loopback port with a random password.
 * Needs the package `embedded-postgres`. Works as root (the server then runs as `postgres` or `nobody`). The server ends
 * with this process, also when that is killed; on Windows only by `stop()`.
 * @throws MisconfiguredError when the package is missing, UnavailableError `EMBEDDED_POSTGRES_BUSY` or
 * `EMBEDDED_POSTGRES_FAILED` with the server's own words.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const valid = validateOptions<EmbeddedPostgresOptions>('startEmbeddedPostgres', options, {
    defaults: { ephemeral: options.dataDir === undefined, startTimeoutMs: 30_000 },
    optional: ['dataDir', 'port'],
  });
  if (valid.dataDir === '') throw new MisconfiguredError('startEmbeddedPostgres: dataDir is empty');
  const end = Date.now() + (valid.startTimeoutMs ?? 0);
  const binaries = await findBinaries();
  const directory = await openDataDirectory({
    dataDir: valid.dataDir,
    ephemeral: valid.ephemeral === true,
  });
  const runAs = await unprivilegedUser([binaries.postgres, join(directory.path, '..')]);
  await clearStaleServer(directory.pgdata, 5_000);
  await initialise(directory, binaries.initdb, runAs);
  return handleOf(directory, await launch(directory, { binaries, runAs, port: valid.port }, end));
}
