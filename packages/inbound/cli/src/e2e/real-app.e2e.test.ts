import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { createProject, eventually, isAlive } from './project.fixture.js';
import type { Project, RunningCommand } from './project.fixture.js';

jest.setTimeout(120_000);

const APP = `
import { writeFileSync } from 'node:fs';
import { defineApp } from '@tenon/app';
import { defineConnector, defineIntegration } from '@tenon/core';
import { label } from './label.js';

const shop = defineConnector({
  name: 'shop',
  display: { label },
  auth: { type: 'api_key', placement: { in: 'header', name: 'x-shop-key' } },
  baseUrl: 'https://shop.example',
  api: (http) => ({ me: () => http.get('/me') }),
  identity: async () => ({ externalId: '1', name: 'Shop' }),
});

const copy = defineIntegration({
  name: 'copy',
  version: '1.0.0',
  display: { label: 'Copy' },
  connections: { shop },
  jobs: {},
});

export const app = defineApp((environment) => {
  // For the test: what the service was started with.
  const ours = Object.entries(environment).filter(([name]) => /^(TENON|DATABASE|AWS)_/.test(name));
  writeFileSync('environment.json', JSON.stringify(Object.fromEntries(ours)));
  return { integrations: [copy] };
});
`;

/** The status of the readiness check. */
async function ready(url: string): Promise<number> {
  const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
  await response.body?.cancel();
  return response.status;
}

describe('tenon dev with an app on PostgreSQL and SQS', () => {
  let project: Project;

  beforeEach(() => {
    project = createProject({
      'package.json': '{ "type": "module" }',
      'src/app.ts': APP,
      'src/label.ts': "export const label: string = 'First';\n",
    });
  });
  afterEach(() => project.remove());

  /** The process of the database, as PostgreSQL itself noted it. */
  const postgresPid = (): number => {
    const text = readFileSync(join(project.dir, '.tenon/postgres/data/postmaster.pid'), 'utf8');
    return Number(text.split('\n')[0]);
  };

  async function startDev(): Promise<{ dev: RunningCommand; url: string }> {
    const dev = project.start(['dev', '--port', '0']);
    const text = await dev.saw('Ctrl-C stops it', 60_000);
    const port = /API +http:\/\/localhost:(\d+)\/api/.exec(text)?.[1] ?? '';
    return { dev, url: `http://127.0.0.1:${port}` };
  }

  it('is ready, reloads, keeps its data, stops with nothing left', async () => {
    const { dev, url } = await startDev();
    expect(dev.text()).toMatch(/Connectors +shop\n +Integrations +copy\n +Queues +default\n/);
    expect(dev.text()).toMatch(/PostgreSQL +postgresql:\/\/postgres@127\.0\.0\.1:\d+\/tenon\n/);
    expect(dev.text()).toMatch(/Migrated the database: \d+_init/);
    expect(await ready(url)).toBe(200);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    const postgres = postgresPid();

    utimesSync(join(project.dir, 'src/label.ts'), new Date(), new Date());
    await dev.saw(/Restarted after a change of src\/label\.ts \d+ ms/, 30_000);
    expect(await ready(url)).toBe(200);
    expect(postgresPid()).toBe(postgres);

    dev.process.kill('SIGINT');
    expect((await dev.finished).code).toBe(0);
    expect(isAlive(postgres)).toBe(false);
    await expect(ready(url)).rejects.toThrow();
    expect(existsSync(join(project.dir, '.tenon/postgres/data/postmaster.pid'))).toBe(false);

    const again = await startDev();
    expect(again.dev.text()).not.toContain('Migrated the database');
    expect(await ready(again.url)).toBe(200);
    again.dev.process.kill('SIGTERM');
    expect((await again.dev.finished).code).toBe(0);
  });

  it('leaves no database behind when it is killed', async () => {
    const { dev, url } = await startDev();
    const postgres = postgresPid();
    expect(isAlive(postgres)).toBe(true);
    dev.process.kill('SIGKILL');
    await dev.finished;
    await eventually(() => !isAlive(postgres), { withinMs: 30_000, what: 'the end of PostgreSQL' });
    await expect(ready(url)).rejects.toThrow();
  });

  it('migrates, diagnoses and serves with the environment of its servers', async () => {
    const { dev, url } = await startDev();
    const environment = readFileSync(join(project.dir, 'environment.json'), 'utf8');
    const env = JSON.parse(environment) as Record<string, string>;
    const { password } = new URL(env['DATABASE_URL'] ?? '');
    expect(password.length).toBeGreaterThan(16);
    expect(dev.text()).not.toContain(password);
    const status = await project.run(['migrate', 'status', '--json'], env);
    expect(status.code).toBe(0);
    expect(status.stdout).not.toContain('pending');
    const doctor = await project.run(['doctor'], env);
    expect(doctor.stdout).toMatch(/✓ +Database schema +\d+ migrations or indexes applied/);
    expect(doctor).toMatchObject({ code: 0, stderr: expect.not.stringContaining(password) });
    const ill = await project.run(['doctor'], {
      ...env,
      TENON_QUEUE_URLS: 'default=http://127.0.0.1:9/0/q',
    });
    expect(ill).toMatchObject({ code: 1, stdout: expect.stringMatching(/✗ +queue/) });
    const other = project.start(['start', '--port', '0', '--no-worker'], env);
    const port = /API on port (\d+)/.exec(await other.saw(/API on port \d+/))?.[1] ?? '';
    expect(await ready(`http://127.0.0.1:${port}`)).toBe(200);
    other.process.kill('SIGTERM');
    expect((await other.finished).code).toBe(0);
    expect(await ready(url)).toBe(200);
    dev.process.kill('SIGINT');
    expect((await dev.finished).code).toBe(0);
  });
});
