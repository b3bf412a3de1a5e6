import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type {
  AppDefinition,
  Environment,
  LocalServers,
  Persistence,
  TenantId,
  VerifiedArchive,
} from '@tenon/core';
import { tenantRows } from '@tenon/testing';

import { runCli } from '../cli.js';
import { recordingIo } from '../recording-io.fixture.js';
import { MOVING_APP } from './moving-app.fixture.js';
import { createProject } from './project.fixture.js';
import type { Finished, Project } from './project.fixture.js';

jest.setTimeout(180_000);

const ROWS = 5_000;
const PAGE_ROWS = 1_000;

interface Database extends Persistence {
  pool(): Promise<{ query(text: string): Promise<unknown> }>;
}

interface MovingApp extends AppDefinition {
  load(environment: Environment): Promise<{
    readonly adapters: { readonly persistence: Database };
    close(): Promise<void>;
  }>;
}

interface Imported {
  readonly rows: number;
  readonly inserted: number;
  readonly equal: number;
  readonly different: number;
}

async function seed({ archive }: Persistence, tenantId: TenantId): Promise<void> {
  const given = tenantRows(fc, { count: 4, seed: 7, tenantId });
  for (const [entity, rows] of given) {
    if (entity === 'tenants' || entity.startsWith('audit')) continue;
    await archive.write(tenantId, entity, rows);
  }
  const [mapping] = given.get('mappings') ?? [];
  const rows = Array.from({ length: ROWS }, (_, index) => {
    return { ...mapping, kind: 'moving', sourceId: `record-${index}` };
  });
  for (let at = 0; at < ROWS; at += PAGE_ROWS) {
    await archive.write(tenantId, 'mappings', rows.slice(at, at + PAGE_ROWS));
  }
}

describe('tenon data', () => {
  let project: Project;
  let app: MovingApp;
  let servers: LocalServers;
  let env: Record<string, string> = {};
  let tenant: TenantId;

  const path = (file: string): string => join(project.dir, file);

  /** Runs a command in this process. */
  async function tenon(args: string, more: Environment = {}): Promise<Finished> {
    const io = recordingIo({ cwd: project.dir, env: { ...env, ...more } });
    const words = args.split(' ').map((each) => each.replace(/^@/, `${project.dir}/`));
    const code = await runCli(words, io);
    return { code, ...io.written };
  }

  async function json<T>(args: string, more: Environment = {}): Promise<T> {
    const { code, stdout, stderr } = await tenon(`${args} --json`, more);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  /** What an archive holds, but for the trail, into which moves are entered. */
  async function content(file: string): Promise<unknown> {
    const { entities } = await json<VerifiedArchive>(`data verify @${file}`);
    return entities.filter(({ entity }) => !entity.startsWith('audit'));
  }

  /** A migrated database of its own on the same server. */
  async function database(name: string): Promise<{ readonly DATABASE_URL: string }> {
    const loaded = await app.load(env);
    const pool = await loaded.adapters.persistence.pool();
    await pool.query(`CREATE DATABASE ${name}`);
    await loaded.close();
    const url = new URL(env['DATABASE_URL'] ?? '');
    url.pathname = `/${name}`;
    await app.deployMigrations({ ...env, DATABASE_URL: url.href });
    return { DATABASE_URL: url.href };
  }

  beforeAll(async () => {
    project = createProject({ 'package.json': '{ "type": "module" }', 'src/app.js': MOVING_APP });
    const module = (await import(pathToFileURL(path('src/app.js')).href)) as { app: MovingApp };
    app = module.app;
    servers = await app.startLocalServers({ directory: path('servers') });
    env = { ...servers.environment, TENON_ARCHIVE_KEY: 'archive-key-of-this-test' };
    await app.deployMigrations(env);
    tenant = (await json<{ id: TenantId }>('tenants create Acme')).id;
    const loaded = await app.load(env);
    await seed(loaded.adapters.persistence, tenant);
    await loaded.close();
    await json(`data export --tenant ${tenant} --out @whole.ndjson`);
  });
  afterAll(async () => {
    await servers.stop();
    await project.remove();
  });

  it('goes on with an export that was killed, to the same content', async () => {
    const args = ['data', 'export', '--out', 'cut.ndjson'];
    const killed = await project.run(args, { ...env, DIE_AT_STEP: '15' });
    expect(killed.code).toBeNull();
    expect(existsSync(path('cut.ndjson'))).toBe(false);
    const refused = await tenon('data import @cut.ndjson.part');
    expect(refused.stderr).toContain('(ARCHIVE_FILE_INCOMPLETE)');
    const verified = await tenon('data verify @cut.ndjson.part');
    expect(verified.stderr).toMatch(/The archive ends before it is complete \(line \d+, \w+\)/);
    const other = { TENON_ARCHIVE_KEY: 'quite another archive key' };
    const wrong = await tenon('data export --out @cut.ndjson', other);
    expect(wrong.stderr).toContain('(ARCHIVE_KEY_WRONG)');
    const resumed = await tenon('data export --out @cut.ndjson');
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('Going on') });
    expect(existsSync(path('cut.ndjson.part'))).toBe(false);
    expect(await content('cut.ndjson')).toEqual(await content('whole.ndjson'));
    const again = await tenon('data export --out @cut.ndjson');
    expect(again.stderr).toContain('(ARCHIVE_FILE_EXISTS)');
  });

  it('goes on with an import that was killed; nothing is lost and nothing doubled', async () => {
    const target = await database('target');
    const args = ['data', 'import', 'whole.ndjson'];
    const killed = await project.run(args, { ...env, ...target, DIE_AT_STEP: '12' });
    expect(killed.code).toBeNull();
    const [half] = (await json<{ items: { status: string }[] }>('tenants list', target)).items;
    expect(half?.status).toBe('suspended');
    const { rows } = await json<VerifiedArchive>('data verify @whole.ndjson');
    const done = await json<Imported>('data import @whole.ndjson --check', target);
    // The tenant itself is put there by other means.
    const equal = rows - 1 - done.inserted;
    expect(done).toMatchObject({ rows, equal, different: 0 });
    expect(equal).toBeGreaterThan(0);
    await json('data export --out @back.ndjson', target);
    expect(await content('back.ndjson')).toEqual(await content('whole.ndjson'));
    const there = await tenon('data import @whole.ndjson', target);
    expect(there).toMatchObject({ code: 1, stderr: expect.stringContaining('TENANT_EXISTS') });
    const merged = await json('data import @whole.ndjson --on-conflict merge', target);
    expect(merged).toMatchObject({ inserted: 0, different: 0 });
  });

  it('stops when it is asked to, and goes on; takes an archive from standard input', async () => {
    const asked = { ...env, DIE_AT_STEP: '5', DIE_OF: 'SIGINT' };
    const exporting = await project.run(['data', 'export', '--out', 'stopped.ndjson'], asked);
    const again = expect.stringContaining('Stopped; the same command goes on from here');
    expect(exporting).toMatchObject({ code: 1, stderr: again });
    await json('data export --out @stopped.ndjson');
    expect(await content('stopped.ndjson')).toEqual(await content('whole.ndjson'));
    const target = await database('stopped');
    const importing = await project.run(['data', 'import', 'whole.ndjson'], {
      ...asked,
      ...target,
    });
    const suspended = expect.stringContaining('the tenant stays suspended, and the same command');
    expect(importing).toMatchObject({ code: 1, stderr: suspended });
    // Pieces that end within characters.
    const stdin = createReadStream(path('whole.ndjson'), { highWaterMark: 997 });
    const recording = recordingIo({ cwd: project.dir, env: { ...env, ...target } });
    expect([
      await runCli(['data', 'import', '-'], { ...recording, stdin }),
      recording.written,
    ]).toEqual([0, expect.objectContaining({ stdout: expect.stringContaining(tenant) })]);
    await json('data export --out @read.ndjson', target);
    expect(await content('read.ndjson')).toEqual(await content('whole.ndjson'));
  });

  it('says what is wrong with an archive and its key', async () => {
    const other = { TENON_ARCHIVE_KEY: 'quite another archive key' };
    expect((await tenon('data verify @whole.ndjson', other)).stderr).toContain('ARCHIVE_KEY_WRONG');
    const none = await tenon('data export --out @x.ndjson', { TENON_ARCHIVE_KEY: '' });
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('--key-file FILE') });
    const text = readFileSync(path('whole.ndjson'), 'utf8');
    writeFileSync(path('changed.ndjson'), text.replace('"kind":"moving"', '"kind":"moved"'));
    const changed = await tenon('data verify @changed.ndjson');
    expect(changed.stderr).toMatch(/damaged \(line \d+, mappings\).*\(ARCHIVE_DAMAGED\)/s);
    writeFileSync(path('newer.ndjson'), text.replace('"version":1', '"version":2'));
    expect((await tenon('data verify @newer.ndjson')).stderr).toContain('use a newer app');
    const missing = await tenon('data import @missing.ndjson');
    expect(missing.stderr).toContain('missing.ndjson cannot be used: ENOENT');
  });

  it('writes to standard output alone what an archive holds', async () => {
    writeFileSync(path('key.txt'), 'archive-key-of-this-test\n');
    const { stdout, stderr } = await tenon('data export --out - --key-file @key.txt');
    writeFileSync(path('piped.ndjson'), stdout);
    expect(stderr).toMatch(/\d+ rows, checksum [\w-]{40,}/);
    expect(await content('piped.ndjson')).toEqual(await content('whole.ndjson'));
  });

  it('copies a tenant into another database, under other keys', async () => {
    const { DATABASE_URL: url } = await database('copied');
    const keys = (await tenon('keys generate --id other')).stdout.trim();
    const variables = { OTHER_URL: url, OTHER_KEYS: keys.replace(/^\w+=/, '') };
    const shown = await tenon(`data copy --to ${url}`);
    expect(shown).toMatchObject({ code: 2, stderr: expect.stringContaining('holds a password') });
    const done = await json('data copy --to OTHER_URL --to-keys OTHER_KEYS --check', variables);
    expect(done).toMatchObject({ different: 0, equal: 0 });
    const there = { DATABASE_URL: url, TENON_ENCRYPTION_KEYS: variables.OTHER_KEYS };
    await json('data export --out @copied.ndjson', there);
    expect(await content('copied.ndjson')).toEqual(await content('whole.ndjson'));
    const { usage } = await json<{ usage: { keyId: string }[] }>('keys status', there);
    expect(new Set(usage.map(({ keyId }) => keyId))).toEqual(new Set(['other']));
  });
});
