import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { HAND_WRITTEN_APP } from './hand-written-app.fixture.js';
import { createProject } from './project.fixture.js';
import type { Project } from './project.fixture.js';

jest.setTimeout(60_000);

describe('the commands that end', () => {
  let project: Project;

  beforeEach(() => {
    project = createProject({
      'package.json': '{ "type": "module" }',
      '.env': 'STORE_FILE=store.json\nAPI_SECRET=canary-of-the-file\n',
      'src/app.ts': HAND_WRITTEN_APP,
      'src/greeting.ts': "export const greeting = 'hello';\n",
    });
  });
  afterEach(() => project.remove());

  it('migrate: status, deploy, status', async () => {
    const before = await project.run(['migrate', 'status']);
    expect(before).toEqual({
      code: 0,
      stdout:
        '! pending  001_first\n! pending  002_second\n\nApply what is pending: tenon migrate deploy\n',
      stderr: '',
    });
    const deployed = await project.run(['migrate', 'deploy']);
    expect(deployed).toEqual({ code: 0, stdout: '✓ 001_first\n✓ 002_second\n', stderr: '' });
    expect(JSON.parse(readFileSync(join(project.dir, 'store.json'), 'utf8'))).toHaveLength(2);
    const again = await project.run(['migrate', 'deploy', '--json']);
    expect(JSON.parse(again.stdout)).toEqual({ applied: [], covered: null });
    const after = await project.run(['migrate', 'status', '--json']);
    expect(JSON.parse(after.stdout)).toEqual({
      migrations: ['001_first', '002_second'].map((name) => ({
        name,
        state: 'applied',
        appliedAt: '1970-01-01T00:00:00.000Z',
      })),
    });
  });

  it('migrate deploy --rls says what it covered, and --grant goes with it', async () => {
    await project.run(['migrate', 'deploy']);
    const all = await project.run(['migrate', 'deploy', '--rls']);
    expect(all.stdout).toBe(
      'The database is up to date.\n✓ row-level security on all tables already\n',
    );
    const some = await project.run(['migrate', 'deploy', '--rls', '--grant', 'app', '--json']);
    expect(JSON.parse(some.stdout)).toEqual({ applied: [], covered: ['users', 'tokens'] });
    expect(await project.run(['migrate', 'deploy', '--grant', 'app'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--grant goes with --rls'),
    });
  });

  it('migrate reset needs --yes, and in production --force', async () => {
    const production = { NODE_ENV: 'production' };
    expect(await project.run(['migrate', 'reset'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('add --yes'),
    });
    expect(await project.run(['migrate', 'reset', '--yes'], production)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing was deleted'),
    });
    expect(readdirSync(project.dir)).not.toContain('store.json');
    const done = await project.run(['migrate', 'reset', '--yes', '--force'], production);
    expect(done).toMatchObject({
      code: 0,
      stdout: 'The database was emptied.\n✓ 001_first\n✓ 002_second\n',
    });
  });

  it('the process environment comes before .env, and the bundle is removed', async () => {
    const { code } = await project.run(['migrate', 'deploy'], { STORE_FILE: 'other.json' });
    expect(code).toBe(0);
    expect(readdirSync(project.dir)).toContain('other.json');
    expect(readdirSync(project.dir)).not.toContain('store.json');
    expect(readdirSync(join(project.dir, '.tenon/build'))).toEqual([]);
  });

  it('doctor: warnings are no failure, errors are', async () => {
    const well = await project.run(['doctor']);
    expect(well.code).toBe(0);
    expect(well.stdout).toContain('✓  app         src/app.ts\n');
    expect(well.stdout).toContain('!  encryption  A local key is used\n');
    expect(well.stdout).toContain('               → tenon keys generate\n');
    const ill = await project.run(['doctor', '--json'], { STORE_FILE: '' });
    expect(ill.code).toBe(1);
    const { ok, diagnoses } = JSON.parse(ill.stdout) as { ok: boolean; diagnoses: object[] };
    expect(ok).toBe(false);
    expect(diagnoses).toContainEqual({
      name: 'store',
      status: 'error',
      message: 'STORE_FILE is not set',
      advice: 'Set it to a path',
    });
  });

  it('doctor tells of an app that does not load', async () => {
    project.write('src/greeting.ts', 'export const greeting = ;\n');
    const { code, stdout } = await project.run(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toContain('src/greeting.ts:1:25: Unexpected ";"');
  });

  it('names the module that is missing, broken or no app', async () => {
    const errorOf = async (...args: string[]) => {
      const { code, stderr } = await project.run(['migrate', 'status', ...args]);
      return `${String(code)} ${stderr}`;
    };
    expect(await errorOf('--app', 'src/nothing.ts')).toMatch(
      /^1 ✗ There is no src\/nothing\.ts in .* \(APP_NOT_FOUND\)\n$/,
    );
    expect(await errorOf('--app', 'src/greeting.ts')).toMatch(
      /^1 ✗ src\/greeting\.ts exports no 'app'; write: export const app = defineApp.* \(APP_INVALID\)\n$/,
    );
    project.write('src/app.ts', "import 'a-package-that-is-not-there';\nexport const app = 1;\n");
    expect(await errorOf()).toMatch(
      /Cannot find package 'a-package-that-is-not-there'.*\(APP_LOAD_FAILED\)/,
    );
    rmSync(join(project.dir, 'src'), { recursive: true });
    expect(await errorOf()).toContain('looked for src/app.ts, src/app.js, app.ts, dist/app.js');
  });

  it('shows stacks with source lines only for --debug, and secrets never', async () => {
    project.write(
      'src/greeting.ts',
      "export const greeting = '';\nthrow new Error(`bad ${process.env['API_SECRET']} at postgres://me:pass-word@db/x`);\n",
    );
    const short = await project.run(['migrate', 'status']);
    expect(short.code).toBe(1);
    const [first, ...frame] = short.stderr.split('\n');
    expect(first).toBe(
      '✗ src/app.ts could not be loaded: bad [secret] at postgres://me:[secret]@db/x (src/greeting.ts:2:7)',
    );
    expect(frame[1]).toMatch(/^ {4}2 \| throw new Error\(`bad .*postgres:\/\/me:\[secret\]@db/);
    expect(frame.at(-2)).toBe('  (APP_LOAD_FAILED)');
    const long = await project.run(['migrate', 'status', '--debug']);
    expect(long.stderr).toMatch(/Caused by: .*\n(.*\n)*.*src\/greeting\.ts:2:7/);
    expect(long.stderr).not.toMatch(/canary-of-the-file|pass-word/);
  });
});

describe('tenon start', () => {
  let project: Project;

  beforeEach(() => {
    project = createProject({
      'package.json': '{ "type": "module" }',
      'src/app.ts': HAND_WRITTEN_APP,
      'src/greeting.ts': "export const greeting = 'hello';\n",
    });
  });
  afterEach(() => project.remove());

  it('serves until SIGTERM, then stops in order', async () => {
    const start = project.start(['start', '--port', '0', '--host', '127.0.0.1', '--no-scheduler']);
    const text = await start.saw('Running: ');
    const port = /API on port (\d+); worker on default\n/.exec(text)?.[1] ?? '';
    const state = await (await fetch(`http://127.0.0.1:${port}`)).json();
    expect(state).toMatchObject({ greeting: 'hello', worker: true, scheduler: false });
    start.process.kill('SIGTERM');
    expect((await start.finished).code).toBe(0);
    const stopped = readFileSync(join(project.dir, 'service-stopped'), 'utf8');
    expect(stopped).toBe(String(start.process.pid));
  });

  it('runs without API, and takes the port from PORT', async () => {
    const worker = project.start(['start', '--no-api'], { PORT: 'none' });
    await worker.saw('Running: worker on default; scheduler\n');
    worker.process.kill('SIGINT');
    expect((await worker.finished).code).toBe(0);
    const refused = await project.run(['start'], { PORT: 'none' });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('PORT must be a whole number from 0 to 65535');
    const api = project.start(['start'], { PORT: '0' });
    await api.saw(/API on port \d+/);
    api.process.kill('SIGTERM');
    expect((await api.finished).code).toBe(0);
  });

  it('names the port that is taken, who has it, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const args = ['--port', String(port), '--host', '127.0.0.1'];
    const { code, stderr } = await project.run(['start', ...args]);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^✗ Port \d+ is in use( by .+ \(pid \d+\))?; stop that, or choose another with --port/,
    );
  });

  it('does not wait at the second signal', async () => {
    project.write('refuse-to-stop', '');
    const start = project.start(['start', '--port', '0']);
    await start.saw('Running: ');
    start.process.kill('SIGTERM');
    await start.saw('Stopping');
    start.process.kill('SIGTERM');
    expect((await start.finished).code).toBe(1);
  });
});
