import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startOidcServer, startScriptedServer } from '@tenon/testing';
import type { OidcServer, ScriptedServer } from '@tenon/testing';

import { freePort } from '../port/free-port.js';
import { createProject } from './project.fixture.js';
import type { Project, RunningCommand } from './project.fixture.js';

jest.setTimeout(180_000);

/** A connector by OAuth to the server of the test, and one by a form that takes one key. */
const APP = `
import { defineApp } from '@tenon/app';
import { defineConnector, defineIntegration, secret } from '@tenon/core';
import { z } from 'zod';

export const app = defineApp((environment) => {
  const url = environment['CRM_URL'] ?? 'https://crm.example';
  const crm = defineConnector({
    name: 'crm',
    display: { label: 'CRM' },
    auth: {
      type: 'oauth2',
      authorizationUrl: url + '/authorize',
      tokenUrl: url + '/token',
      clientId: environment['CRM_CLIENT_ID'] ?? 'CRM_CLIENT_ID-is-not-set',
      clientSecret: secret(environment['CRM_CLIENT_SECRET'] ?? ''),
      scopes: ['openid', 'offline_access', 'contacts'],
      authorizationParameters: { prompt: 'consent' },
    },
    baseUrl: url,
    api: (http) => http,
    identity: async (http) => {
      const { id } = (await http.get('/me')) as { id: string };
      return { externalId: id, name: 'Account of ' + id };
    },
  });
  const shop = defineConnector({
    name: 'shop',
    display: { label: 'Shop' },
    auth: {
      type: 'api_key',
      fields: { domain: { label: 'Domain', secret: false }, apiKey: { label: 'API key' } },
      placement: { in: 'header', name: 'x-shop-key' },
    },
    baseUrl: environment['SHOP_URL'] ?? 'https://shop.example',
    api: (http) => http,
    identity: async () => ({ externalId: '1', name: 'The shop' }),
  });
  const orders = defineIntegration({
    name: 'orders',
    version: '1.0.0',
    display: { label: 'Orders' },
    connections: { shop },
    config: z.object({}),
    jobs: {
      confirm: {
        input: z.object({ id: z.string() }),
        run: async (ctx) => {
          const { api } = ctx.connections.shop;
          const order = (await api.get('/orders/' + ctx.input.id)) as { token: string };
          ctx.logger.info('Read an order', { said: order.token });
          await api.put('/orders/' + ctx.input.id + '/confirmed', { json: { by: order.token } });
          await ctx.mappings.upsert('order', [{ sourceId: ctx.input.id }]);
          await ctx.jobs.enqueue('close');
        },
      },
      close: { run: (ctx) => ctx.run?.addProgress({ processed: 1 }) },
    },
  });
  return { connectors: [crm, shop], integrations: [orders] };
});
`;

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly lastTestedAt: string | null;
}

describe('tenon connect and tenon run beside tenon dev', () => {
  let project: Project;
  let oidc: OidcServer;
  let shop: ScriptedServer;
  let port = '';
  let env: Record<string, string> = {};

  beforeAll(async () => {
    port = String(await freePort('127.0.0.1'));
    const redirectUris = [`http://localhost:${port}/api/connections/callback`];
    oidc = await startOidcServer({ redirectUris });
    project = createProject({ 'package.json': '{ "type": "module" }', 'src/app.ts': APP });
    // It repeats the key that it was sent, as no provider should.
    shop = await startScriptedServer(({ headers }) => ({ body: { token: headers['x-shop-key'] } }));
    env = {
      SHOP_URL: shop.url,
      CRM_URL: oidc.url,
      CRM_CLIENT_ID: oidc.clientId,
      CRM_CLIENT_SECRET: oidc.clientSecret,
      TENON_EGRESS_ALLOW: '127.0.0.1',
    };
    const dev = project.start(['dev', '--port', '0'], env);
    await dev.saw('Ctrl-C', 60_000);
  });
  afterAll(async () => {
    await project.remove();
    await oidc.close();
    await shop.close();
  });

  const connect = (...args: readonly string[]): RunningCommand =>
    project.start(['connect', 'crm', '--port', port, ...args], env);

  /** Where the browser is sent back to. */
  async function walk(command: RunningCommand): Promise<URL> {
    const text = await command.saw('Ctrl-C gives up', 60_000);
    const url = /^ {2}(http\S+)$/m.exec(text)?.[1] ?? '';
    expect(new URL(url).searchParams.get('redirect_uri')).toContain(`localhost:${port}/`);
    const callback = await oidc.authorize(url);
    callback.hostname = '127.0.0.1';
    return callback;
  }

  it('walks the authorization, also again, and tests what it stored', async () => {
    const note = join(project.dir, '.tenon/dev.json');
    expect(statSync(note).mode & 0o077).toBe(0);
    const first = connect('--json');
    const page = await fetch(await walk(first));
    expect(await page.text()).toContain('Connected. You may close this window.');
    const { code, stdout, stderr } = await first.finished;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const shown = JSON.parse(stdout) as Shown;
    expect(shown).toMatchObject({ name: 'Account of ada', state: 'active' });
    expect(shown.scopes).toEqual(expect.arrayContaining(['offline_access', 'contacts']));
    expect(shown.lastTestedAt).not.toBeNull();
    expect(stderr).toContain("Made the tenant 'Local development'");
    expect(stderr).toContain('On the database of the tenon dev that serves http://localhost:');
    expect(stdout + stderr).not.toContain(oidc.clientSecret);

    const again = connect('--reauthorize', shown.id);
    await fetch(await walk(again));
    const second = await again.finished;
    expect(second).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Made the') });
    expect(second.stdout).toMatch(new RegExp(`^id +${shown.id}$`, 'm'));
    expect(second.stdout).toMatch(/^scopes +\[.*contacts/m);
    const listed = await project.run(['connections', 'list'], env);
    expect(listed.stdout.trim().split('\n')).toHaveLength(2);
    expect(existsSync(note)).toBe(true);
  });

  it('refuses a foreign state and goes on waiting; tells what the provider refused', async () => {
    oidc.consent = false;
    const denied = connect();
    const callback = await walk(denied);
    const foreign = new URL(callback);
    foreign.searchParams.set('state', 'another');
    expect((await fetch(foreign)).status).toBe(400);
    await denied.saw('A callback with another state came and was refused');
    const page = await fetch(callback);
    expect(await page.text()).toContain('the terminal says why');
    const end = await denied.finished;
    expect(end).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).toMatch(/did not authorise .*access_denied.*\(AUTHORIZATION_DENIED\)/);
    oidc.consent = true;
  });

  it('gives up on Ctrl-C, on time-out, and for a wrong client secret, with nothing left to go on with', async () => {
    const stopped = connect();
    const callback = await walk(stopped);
    stopped.process.kill('SIGINT');
    expect(await stopped.finished).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Stopped; nothing was connected'),
    });
    await expect(fetch(callback)).rejects.toThrow();

    const late = await connect('--timeout', '1').finished;
    expect(late.code).toBe(1);
    expect(late.stderr).toContain(
      `register exactly http://localhost:${port}/api/connections/callback there`,
    );

    const wrong = project.start(['connect', 'crm', '--port', port], {
      ...env,
      CRM_CLIENT_SECRET: 'wrong-client-secret',
    });
    await fetch(await walk(wrong));
    expect(await wrong.finished).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('check the client id and secret in .env'),
    });
  });

  it('takes a form without a terminal, never a secret as an argument', async () => {
    writeFileSync(join(project.dir, 'key.txt'), 'canary-shop-key\n');
    const form = ['connect', 'shop', '--field', 'domain=acme'];
    const [kept, secret, missing, unknown] = await Promise.all([
      project.run([...form, '--field-file', 'apiKey=key.txt'], env),
      project.run([...form, '--field', 'apiKey=canary-shop-key'], env),
      project.run(form, env),
      project.run(['connect', 'shopp'], env),
    ]);
    expect(kept).toMatchObject({ code: 0, stdout: expect.stringMatching(/^name +The shop$/m) });
    expect(kept.stdout).toMatch(/^profile +\{"domain":"acme"\}$/m);
    expect(kept.stdout + kept.stderr + secret.stderr).not.toContain('canary-shop-key');
    expect(secret).toMatchObject({ code: 2, stderr: expect.stringContaining('apiKey=PATH') });
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('give --field-file apiKey=PATH'),
    });
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining("mean 'shop'?") });
  });

  it('runs a job on it: what it would do, for real and recorded, and from the recording', async () => {
    const input = JSON.stringify({ id: 'o-1' });
    const run = (...args: readonly string[]) =>
      project.run(['run', 'orders', '--job', 'confirm', '--input', input, ...args], env);
    const dry = await run('--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toMatch(/^JOB +OUTCOME +TOOK +RUN +ERROR\nconfirm +done/);
    expect(dry.stdout).toMatch(
      /PUT +http\S+\/orders\/o-1\/confirmed +200 \(echo\) +\{"by":"\[secret\]"/,
    );
    expect(dry.stdout).toMatch(/1 +shop: PUT \/orders\/…\/confirmed/);
    expect(dry.stdout).toMatch(/Not stored: mappings\nKIND +WRITTEN +DELETED\norder +1 +0\n/);
    expect(dry.stdout).toMatch(/Not enqueued: jobs that would follow\n.*\nclose +default/);
    expect(dry.stderr).toContain('info  Read an order job=confirm said=[secret]');
    expect(shop.requests.map(({ method }) => method)).toEqual(['GET']);
    expect((await project.run(['runs', 'list'], env)).stderr).toContain('No runs.');

    const [real, wrong] = [await run('--record', 'calls.jsonl', '--follow', '1'), await run('-x')];
    expect(real).toMatchObject({ code: 0, stderr: expect.stringContaining('Recorded in calls') });
    expect(real.stdout).toMatch(/confirm +done.*\nclose +done/);
    expect(wrong.code).toBe(2);
    const calls = readFileSync(join(project.dir, 'calls.jsonl'), 'utf8');
    expect(dry.stdout + dry.stderr + real.stdout + real.stderr + calls).not.toContain('canary');
    expect(shop.requests).toHaveLength(3);
    const runs = await project.run(['runs', 'list'], env);
    expect(runs.stdout).toMatch(/succeeded +confirm/);

    const replayed = await run('--dry-run', '--replay', 'calls.jsonl');
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringMatching(/confirm +done/) });
    expect(shop.requests).toHaveLength(3);
  });

  it('says what is missing: variables of the client, a database', async () => {
    const { CRM_CLIENT_ID: _id, CRM_CLIENT_SECRET: _secret, ...bare } = env;
    const lonely = createProject({ 'package.json': '{ "type": "module" }', 'src/app.ts': APP });
    const [client, nowhere] = await Promise.all([
      project.run(['connect', 'crm'], bare),
      lonely.run(['connect', 'crm'], env),
    ]);
    await lonely.remove();
    expect(client).toMatchObject({ code: 1, stdout: '' });
    expect(client.stderr).toContain('put CRM_CLIENT_ID and CRM_CLIENT_SECRET into .env');
    expect(nowhere.stderr).toContain('No tenon dev runs here: start it in another terminal');
  });
});
