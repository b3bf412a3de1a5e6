import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { createProject, eventually } from './project.fixture.js';
import type { Finished, Project } from './project.fixture.js';

jest.setTimeout(180_000);

/** The shop takes every key but `wrong`; its job `break` fails for good until the variable MENDED is set. */
const APP = `
import { existsSync, writeFileSync } from 'node:fs';
import { defineApp } from '@tenon/app';
import { defineConnector, defineIntegration } from '@tenon/core';
import { z } from 'zod';

const shop = defineConnector({
  name: 'shop',
  display: { label: 'Shop' },
  auth: { type: 'api_key', placement: { in: 'header', name: 'x-shop-key' } },
  baseUrl: 'https://shop.example',
  api: () => ({}),
  identity: async () => ({ externalId: '1', name: 'The shop' }),
});

const orders = defineIntegration({
  name: 'orders',
  version: '1.0.0',
  display: { label: 'Orders' },
  connections: { shop },
  config: z.object({}),
  jobs: {
    break: {
      maxAttempts: 1,
      run: () => {
        if (!existsSync('mended')) throw new Error('broken');
      },
    },
  },
});

export const app = defineApp((environment) => {
  const ours = Object.entries(environment).filter(([name]) => /^(TENON|DATABASE|AWS)_/.test(name));
  writeFileSync('environment.json', JSON.stringify(Object.fromEntries(ours)));
  return { integrations: [orders], connectors: [shop] };
});
`;

const API_KEY = 'back-end-key-of-this-test-0123456789';

describe('the commands that look after what is stored', () => {
  let project: Project;
  let env: Record<string, string> = {};
  let url = '';
  let user = '';

  async function json<T>(...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await project.run([...args, '--json'], env);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }
  const tenon = (...args: readonly string[]): Promise<Finished> => project.run(args, env);

  async function post<T>(path: string, body: unknown): Promise<T> {
    const headers = {
      'content-type': 'application/json',
      'x-tenon-app-key': API_KEY,
      'x-tenon-app-user': 'ada',
    };
    const answer = await fetch(`${url}/api${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  }

  beforeAll(async () => {
    project = createProject({
      'package.json': '{ "type": "module" }',
      '.env': `TENON_APP_KEYS=dev=${API_KEY}\n`,
      'src/app.ts': APP,
    });
    const dev = project.start(['dev', '--port', '0']);
    const port = /API +http:\/\/localhost:(\d+)\/api/.exec(await dev.saw('Ctrl-C', 60_000))?.[1];
    url = `http://127.0.0.1:${port ?? ''}`;
    const text = readFileSync(join(project.dir, 'environment.json'), 'utf8');
    env = JSON.parse(text) as Record<string, string>;
  });
  afterAll(() => project.remove());

  it('tenants, users and tokens', async () => {
    const none = await tenon('users', 'list');
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('There is no tenant yet: tenon tenants create NAME');
    const tenant = await json<{ id: string }>('tenants', 'create', 'Acme');
    expect((await tenon('tenants', 'list')).stdout).toMatch(
      new RegExp(`^ID +STATUS +CREATED +NAME\n${tenant.id}  active  \\S+  Acme\n$`),
    );
    user = (await json<{ id: string }>('users', 'create', '--app-user', 'ada')).id;
    expect((await tenon('users', 'list')).stdout).toContain(`${user}  individual  active  ada`);
    const other = (await json<{ id: string }>('users', 'create')).id;
    expect((await tenon('users', 'delete', other)).stdout).toBe('Deleted.\n');
    expect((await tenon('users', 'show', other)).stderr).toContain('(USER_NOT_FOUND)');
    const issued = await tenon('tokens', 'issue', user, '--scopes', 'runs:read', '--days', '1');
    expect(issued.stdout).toMatch(/^tnn_\S+\n$/);
    expect(issued.stderr).toContain('runs:read');
    const read = () =>
      fetch(`${url}/api/runs`, { headers: { authorization: `Bearer ${issued.stdout.trim()}` } });
    expect((await read()).status).toBe(200);
    const id = /^id +(\S+)$/m.exec(issued.stderr)?.[1] ?? '';
    expect((await tenon('tokens', 'list')).stdout).toContain(`${id}  ${user}`);
    expect(await tenon('tokens', 'revoke', id)).toMatchObject({ code: 0, stdout: 'Revoked.\n' });
    expect((await read()).status).toBe(401);
    const wrong = await tenon('tokens', 'issue', user, '--scopes', 'runs:raed');
    expect(wrong.stderr).toContain("did you mean 'runs:read'?");
  });

  it('connections, installations, runs and dead letters', async () => {
    const fields = { apiKey: 'canary-shop-key' };
    const shop = await post<{ id: string }>('/connections', { connector: 'shop', fields });
    const installation = await post<{ id: string }>('/installations', {
      integration: 'orders',
      connections: { shop: shop.id },
    });
    const shown = await tenon('connections', 'show', shop.id);
    expect(shown.stdout).toMatch(/^name +The shop$/m);
    expect(shown.stdout).not.toContain('canary');
    expect(await json('connections', 'test', shop.id)).toMatchObject({ ok: true });
    const disabled = await json('installations', 'disable', installation.id);
    expect(disabled).toMatchObject({ status: 'disabled' });
    expect((await tenon('installations', 'list', '--status', 'disabled')).stdout).toContain(
      'orders',
    );
    await json('installations', 'enable', installation.id);

    const runs: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const path = `/installations/${installation.id}/runs`;
      runs.push((await post<{ id: string }>(path, { job: 'break' })).id);
    }
    type Page = { items: { id: string; state: string }[]; nextCursor: string | null };
    const failed = () => json<Page>('runs', 'list', '--state', 'failed');
    await eventually(async () => (await failed()).items.length === 3, { withinMs: 40_000 });
    const first = await json<Page>('runs', 'list', '--limit', '2');
    expect(first.items).toHaveLength(2);
    const rest = await tenon('runs', 'list', '--limit', '2', '--after', first.nextCursor ?? '');
    expect(rest.stdout.trimEnd().split('\n')).toHaveLength(2);
    const dead = await json<Page>('dead-letters', 'list', '--run', runs[0] ?? '');
    expect(dead.items).toHaveLength(1);
    const letter = dead.items[0]?.id ?? '';
    const bare = await tenon('dead-letters', 'discard', letter);
    expect(bare).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason is missing') });
    await json('dead-letters', 'discard', letter, '--reason', 'a test');
    expect((await tenon('dead-letters', 'show', letter)).stderr).toContain('DEAD_LETTER_NOT_FOUND');

    const stopped = await json<Page>('jobs', 'list', '--state', 'dead');
    expect(stopped.items).toHaveLength(2);
    const job = stopped.items[0]?.id ?? '';
    expect((await tenon('jobs', 'list')).stderr).toContain('No jobs.\n');
    expect((await tenon('jobs', 'show', job)).stdout).toMatch(/^state +dead$/m);
    const wrong = await tenon('jobs', 'enqueue', installation.id, 'break', '--input', '{page}');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('must be JSON') });
    const near = await tenon('jobs', 'enqueue', installation.id, 'brake');
    expect(near.stderr).toContain("did you mean 'break'?");

    project.write('mended', '');
    await json('jobs', 'enqueue', installation.id, 'break', '--key', 'once');
    const retried = await tenon('jobs', 'retry', job);
    expect(retried).toMatchObject({ code: 0, stdout: 'On its way.\n' });
    const both = await tenon('dead-letters', 'redrive', letter, '--all');
    expect(both.code).toBe(2);
    const all = await json('dead-letters', 'redrive', '--all', '--rate', '50');
    expect(all).toEqual({ redriven: 1, failed: 0, stopped: false });
    await eventually(
      async () => (await json<Page>('runs', 'list', '--state', 'succeeded')).items.length === 3,
      { withinMs: 40_000, what: 'the runs that were redriven' },
    );
    expect((await tenon('dead-letters', 'list')).stderr).toContain('No dead letters.\n');
    const kept = await tenon('connections', 'delete', shop.id);
    expect(kept.stderr).toContain('(CONNECTION_IN_USE)');
  });

  it('the audit trail', async () => {
    type Entry = { sequence: number; action: string; hash: string };
    const all = await json<{ items: Entry[] }>('audit', 'list', '--limit', '200');
    const actions = all.items.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['tenant.created', 'dead_letter.discarded']));
    const discarded = await tenon('audit', 'list', '--subject', 'dead_letter', '--limit', '1');
    expect(discarded.stdout).toMatch(/^NO +AT +ACTION +SUBJECT +BY +DETAILS\n\d+ .*dead_letter/);
    const anchor = `1:${all.items.at(-1)?.hash ?? ''}`;
    const whole = await tenon('audit', 'verify', '--anchor', anchor);
    expect(whole.stdout).toMatch(/^The trail is whole: \d+ entries\.\nAnchor: \d+:[\w-]{43}\n$/);
    const wrong = await tenon('audit', 'verify', '--anchor', anchor.replace('1', '2'));
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('BROKEN: entry 2') });
    expect(await json('audit', 'verify', '--app-trail')).toMatchObject({ ok: true, broken: null });
  });

  it('choose among tenants', async () => {
    const other = await json<{ id: string }>('tenants', 'create', 'Other');
    const open = await tenon('runs', 'list');
    expect(open).toMatchObject({ code: 2, stderr: expect.stringContaining('--tenant ID') });
    const empty = await tenon('runs', 'list', '--tenant', other.id);
    expect(empty).toMatchObject({ code: 0, stderr: expect.stringContaining('No runs.\n') });
    const unknown = await tenon('runs', 'list', '--tenant', 'nobody');
    expect(unknown.stderr).toContain('(TENANT_NOT_FOUND)');
    expect((await tenon('tenants', 'suspend', other.id)).stdout).toMatch(/^status +suspended$/m);
    const active = await json('tenants', 'activate', other.id);
    expect(active).toMatchObject({ id: other.id, status: 'active' });
    const trail = await tenon('audit', 'list', '--tenant', other.id);
    expect(trail.stdout.match(/tenant\.status_changed/g)).toHaveLength(2);
    const unsure = await tenon('tenants', 'delete', other.id);
    expect(unsure).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
    const deleted = await json('tenants', 'delete', other.id, '--yes');
    expect(deleted).toMatchObject({ tenantId: other.id, finished: true });
    expect((await tenon('tenants', 'delete', other.id, '--yes')).stderr).toContain(
      '(TENANT_NOT_FOUND)',
    );
  });
});
