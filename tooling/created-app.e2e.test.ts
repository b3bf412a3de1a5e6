import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { driveFunctions } from './support/created-functions.js';
import { installPacked, packAll, run } from './support/packed-packages.js';
import { root, writeTree } from './support/repository.js';

jest.setTimeout(300_000);

const others = (process.env['TENON_TEST_NODES'] ?? '').split(',').filter((path) => path !== '');
const nodes = [process.execPath, ...others];

// One installation for all: an app below this folder finds its packages here, as a workspace does.
const home = mkdtempSync(join(tmpdir(), 'tenon-created-'));

function create(folder: string, ...flags: readonly string[]): string {
  const args = ['create-tenon', folder, '--yes', '--no-install', ...flags];
  run('npx', ['--no-install', ...args], home);
  return join(home, folder);
}

const tenon = (folder: string, ...args: readonly string[]): string =>
  run('npx', ['--no-install', 'tenon', ...args], folder);
const fixture = 'packages/inbound/cli/src/openapi/helpdesk.fixture.yaml';

/** One of each kind, those that need others last. */
const additions: readonly (readonly string[])[] = [
  ['connector', 'helpdesk', '--openapi', 'helpdesk.yaml'],
  ['connector', 'google-drive', '--auth', 'oauth2'],
  ['connector', 'shop'],
  ['connector', 'delete', '--auth', 'basic'],
  ['integration', 'orders', '--connections', 'google-drive,delete,helpdesk'],
  ['job', 'import-orders', '--integration', 'orders'],
  ['worker', 'reports', '--integration', 'orders'],
  ['webhook', 'google-drive', '--integration', 'orders'],
  ['webhook', 'crm', '--integration', 'contacts'],
  ['schedule', 'nightly', '--integration', 'orders', '--cron', '0 3 * * *'],
  ['action', 'escalate', '--integration', 'orders'],
];

/** What a person might write into the action: the generated client, called with the types that it promises. */
const calls = `const { api } = ctx.connections.helpdesk;
          const filter = { assignee: 'ada' };
          const page = await api.listTickets({ status: ['open'], tags: ['a', 'b'], filter });
          const subject: string | undefined = page.items?.[0]?.subject;
          await api.createTicket({ body: { subject: subject ?? 'None' } }, { idempotencyKey: 'k' });
          await api.deleteTicket({ ticketId: 'a/b' });
          return { done: true };`;

const callsTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedServer } from '@tenon/testing';
import { startTestApp } from './test-app.js';

test('the generated client calls what the description says', async (t) => {
  const desk = await startScriptedServer(({ method }) =>
    method === 'GET' ? { body: { items: [{ id: '1', subject: 'Hot' }] } } : { status: 204 },
  );
  t.after(() => desk.close());
  const { app, signUp, installed } = startTestApp({}, { provider: desk.url });
  t.after(() => app.close());
  const user = await signUp();
  const { id: installationId } = await installed(user, 'orders');
  await app.commands.installations.runAction(user, { installationId, action: 'escalate' });
  const shown = desk.requests.map(({ method, path, query, body }) => [method, path, String(query), body]);
  assert.deepEqual(shown, [
    ['GET', '/tickets', 'status=open&tags=a%2Cb&filter%5Bassignee%5D=ada', ''],
    ['POST', '/tickets', '', '{"subject":"Hot"}'],
    ['DELETE', '/tickets/a%2Fb', '', ''],
  ]);
  assert.equal(desk.requests[1]?.headers['idempotency-key'], 'k');
});
`;

const npm = (folder: string, ...args: readonly string[]): string => run('npm', args, folder);

beforeAll(async () => {
  writeTree(home, { 'package.json': '{ "name": "home", "private": true }' });
  await installPacked(home, packAll(home));
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('an app as npm create tenon makes it', () => {
  it.each([
    ['crm', 'both'],
    ['empty', 'serverless'],
    ['empty', 'container'],
    ['crm', 'both', 'mongodb'],
  ])(
    '%s for %s is type-checked, tested and built',
    (example, deployment, database = 'embedded') => {
      const name = `${example}-${deployment}-${database}`;
      const flags = ['--example', example, '--deployment', deployment, '--database', database];
      const app = create(name, ...flags);
      npm(app, 'run', 'typecheck');
      expect(npm(app, 'test')).toMatch(/# pass 1\n|ℹ pass 1\n/);
      npm(app, 'run', 'build');
    },
  );

  it('grows by one of each kind, is type-checked and tested then, and not changed by a second time', () => {
    const app = create('grows');
    writeTree(app, { 'helpdesk.yaml': readFileSync(join(root, fixture), 'utf8') });
    const tenon = join(home, 'node_modules/@tenon/cli/bin/tenon.js');
    for (const args of additions) run(process.execPath, [tenon, 'add', ...args], app);
    const again = run(process.execPath, [tenon, 'add', ...(additions[0] ?? [])], app);
    expect(again).toContain('nothing was changed');

    const orders = join(app, 'src/integrations/orders.ts');
    writeFileSync(orders, readFileSync(orders, 'utf8').replace('return { done: true };', calls));
    writeTree(app, { 'test/calls.test.ts': callsTest });
    npm(app, 'run', 'typecheck');
    // In one process: each file of its own costs a start of Node and of tsx.
    const tests = readdirSync(join(app, 'test')).filter((name) => name.endsWith('.test.ts'));
    const imports = tests.map((name) => `import './${name.replace('.ts', '.js')}';\n`).join('');
    writeTree(app, { 'test/all.ts': imports });
    const output = run('npx', ['--no-install', 'tsx', 'test/all.ts'], app);
    expect(output).toMatch(new RegExp(`(#|ℹ) pass ${tests.length}\\n`));
    expect(tests).toHaveLength(15);
  });

  it('runs at once, and answers to the key of its .env', async () => {
    const app = create('runs');
    const child = spawn('npm', ['run', 'dev', '--', '--port', '0'], { cwd: app, detached: true });
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let text = '';
        const read = (chunk: Buffer): void => {
          text += chunk.toString();
          const port = /API +http:\/\/localhost:(\d+)\/api/.exec(text)?.[1];
          if (port !== undefined && text.includes('Ctrl-C')) resolve(`http://127.0.0.1:${port}`);
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        child.once('exit', () => {
          reject(new Error(text));
        });
      });
      const key = /^TENON_APP_KEYS=dev=(\S+)$/m.exec(readFileSync(join(app, '.env'), 'utf8'))?.[1];
      const answer = await fetch(`${url}/api/tenants`, {
        method: 'POST',
        headers: { 'x-tenon-app-key': key ?? '', 'content-type': 'application/json' },
        body: '{"name":"Acme"}',
      });
      expect(answer.status).toBe(201);
    } finally {
      const ended = new Promise((resolve) => child.once('close', resolve));
      // The whole group: npm passes no signal on.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
      await ended;
    }
  });

  describe('on Lambda', () => {
    let app: string;

    beforeAll(() => {
      app = create('functions', '--deployment', 'serverless');
      for (const path of ['connectors/crm.ts', 'integrations/contacts.ts']) {
        const source = readFileSync(join(root, 'benchmarks/src/first-integration', path), 'utf8');
        writeTree(app, { [`src/${path}`]: source });
      }
    });

    it('is built, with what is seldom needed put off', () => {
      const { functions } = JSON.parse(tenon(app, 'build', '--json')) as {
        functions: { name: string; startBytes: number; bytes: number; zippedBytes: number }[];
      };
      const names = functions.map(({ name }) => name);
      expect(names).toEqual(['api', 'migrate', 'schedule', 'websocket', 'worker-default']);
      for (const { startBytes, bytes, zippedBytes } of functions) {
        expect(startBytes).toBeLessThan(bytes / 2);
        expect(zippedBytes).toBeLessThan(bytes / 2);
      }
    });

    it.each(nodes)('connects, works, ticks and takes webhooks under %s', async (node) => {
      const folder = join(app, 'dist/functions');
      await driveFunctions({ folder, template: tenon(app, 'synth', '--out', '-') }, node);
    });
  });
});
