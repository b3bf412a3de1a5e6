import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { build } from 'esbuild';
import { sql } from '../postgres.fixture.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './start-embedded-postgres.js';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

jest.setTimeout(60_000);

describe('startEmbeddedPostgres', () => {
  const servers: EmbeddedPostgres[] = [];
  const folders: string[] = [];

  async function start(dataDir?: string): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres(dataDir === undefined ? {} : { dataDir });
    servers.push(server);
    return server;
  }

  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'tenon-embedded-'));
    folders.push(path);
    return join(path, 'postgres');
  }

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await Promise.all(folders.splice(0).map((path) => rm(path, { recursive: true, force: true })));
  });

  it('is a real server on loopback, which asks for its password', async () => {
    const server = await start();
    const [row] = await sql<{ version: string; address: string; zone: string }>(
      server.databaseUrl,
      "SELECT version(), host(inet_server_addr()) AS address, current_setting('TimeZone') AS zone",
    );
    expect(row?.version).toMatch(/^PostgreSQL 1[5-9]/);
    expect(row).toMatchObject({ address: '127.0.0.1', zone: 'UTC' });
    const wrong = new URL(server.databaseUrl);
    wrong.password = 'wrong';
    await expect(sql(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('makes databases once, whatever their name', async () => {
    const server = await start();
    const name = `we"ird name`;
    expect(await server.createDatabase(name)).toBe(await server.createDatabase(name));
    expect(await sql(server.urlOf(name), 'SELECT current_database() AS name')).toEqual([{ name }]);
  });

  it('removes a temporary folder, and keeps a named one with its data and password', async () => {
    const temporary = await start();
    await temporary.stop();
    await expect(access(temporary.dataDir)).rejects.toThrow();
    const dataDir = await folder();
    const first = await start(dataDir);
    await sql(first.databaseUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    const second = await start(dataDir);
    expect(new URL(second.databaseUrl).password).toBe(new URL(first.databaseUrl).password);
    expect(await sql(second.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect((await stat(join(dataDir, 'password'))).mode & 0o077).toBe(0);
  });

  it('starts over the remains of a server that was killed', async () => {
    const dataDir = await folder();
    const first = await start(dataDir);
    await sql(first.databaseUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    const pidFile = join(dataDir, 'data', 'postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    process.kill(Number.parseInt(text, 10), 'SIGKILL');
    await sleep(300);
    // The id now belongs to a program that is no PostgreSQL: this one.
    await writeFile(pidFile, text.replace(/^\d+/, String(process.pid)));
    const second = await start(dataDir);
    expect(await sql(second.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('refuses a folder that another server uses, by name of the code', async () => {
    const dataDir = await folder();
    await start(dataDir);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: 'EMBEDDED_POSTGRES_BUSY',
      retryable: true,
    });
  });

  it('ends when its parent is killed, and its temporary folder with it', async () => {
    const outfile = join(await mkdtemp(join(root, 'node_modules/.cache/embedded-')), 'starter.mjs');
    folders.push(join(outfile, '..'));
    await build({
      stdin: {
        contents: `import { startEmbeddedPostgres } from './src/embedded.ts';
          const server = await startEmbeddedPostgres();
          process.stdout.write(JSON.stringify([server.databaseUrl, server.dataDir]));
          setInterval(() => undefined, 1000);`,
        resolveDir: join(root, 'packages/outbound/persistence-postgresql'),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['source'],
      external: ['pg', 'embedded-postgres'],
      outfile,
      logLevel: 'error',
    });
    const parent = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] });
    const output = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    const [url = '', dataDir = ''] = JSON.parse(output) as string[];
    expect(await sql(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    parent.kill('SIGKILL');
    const gone = async (): Promise<boolean> =>
      access(dataDir).then(
        () => false,
        () => true,
      );
    for (let tries = 0; tries < 100 && !(await gone()); tries += 1) await sleep(100);
    expect(await gone()).toBe(true);
    await expect(sql(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('refuses options that do not exist', async () => {
    await expect(
      startEmbeddedPostgres({ dataDirectory: '/x' } as unknown as { dataDir: string }),
    ).rejects.toMatchObject({ code: 'MISCONFIGURED', details: { option: 'dataDirectory' } });
  });
});
