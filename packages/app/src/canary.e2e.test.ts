import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@tenon/core';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import type { EmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import { recordingLogger, startOidcServer } from '@tenon/testing';
import type { OidcServer, ScriptedServer } from '@tenon/testing';
import { ApiCaller } from './api-client.fixture.js';
import type { Answer } from './api-client.fixture.js';
import { startEmbeddedQueue } from './embedded-queue.js';
import type { EmbeddedQueue } from './embedded-queue.js';
import { realAdapters, serveApp } from './reliability-app.fixture.js';
import type { ServedApp, Servers } from './reliability-app.fixture.js';
import {
  Canaries,
  canaryIntegration,
  recordedQueue,
  startEcho,
  tokenWatch,
} from './reliability-canary.fixture.js';
import { freshServers } from './reliability-lane.fixture.js';
import { rows, startWorker, until } from './reliability-worker.fixture.js';
import { APP_KEY, HEALTH_KEY } from './test-app.fixture.js';

const canaries = new Canaries();
const secrets = {
  apiKey: canaries.make('api-key'),
  password: canaries.make('basic-password'),
  webhookSecret: canaries.add(
    'webhook-secret',
    `whsec_${Buffer.from(canaries.make('webhook')).toString('base64')}`,
  ),
  requestHeader: canaries.make('request-header'),
  requestBody: canaries.make('request-body'),
  answer: canaries.make('provider-answer'),
};
const loginPassword = canaries.make('login-password');
const logger = recordingLogger();
const sent: string[] = [];
const events: DomainEvent[] = [];
const refusals: Answer[] = [];

let postgres: EmbeddedPostgres;
let queue: EmbeddedQueue;
let servers: Servers;
let oidc: OidcServer;
let echo: ScriptedServer;
let served: ServedApp;
let api: ApiCaller;
let webhookPath: string;
let installationId: string;

beforeAll(async () => {
  canaries.add('basic-header', Buffer.from(`reader:${secrets.password}`).toString('base64'));
  canaries.add('app-key', APP_KEY);
  canaries.add('health-key', HEALTH_KEY);
  postgres = await startEmbeddedPostgres();
  queue = await startEmbeddedQueue({ queues: ['default'] });
  servers = await freshServers(postgres, queue, 'canary');
  for (const key of Object.values(servers.keys)) canaries.add('encryption-key', key);
  canaries.add('database-password', new URL(servers.databaseUrl).password);
  echo = await startEcho(secrets);
  const adapters = realAdapters(servers, logger);
  served = await serveApp(
    {
      ...adapters,
      http: tokenWatch(adapters.http, canaries),
      queue: recordedQueue(adapters.queue, sent),
    },
    async (url) => {
      oidc = await startOidcServer({ redirectUris: [`${url}/api/connections/callback`] });
      canaries.add('client-secret', oidc.clientSecret);
      return [canaryIntegration(oidc, echo, secrets)];
    },
  );
  served.app.events.subscribe('*', (event) => void events.push(event));
}, 60_000);

afterAll(async () => {
  await served.close();
  await oidc.close();
  await echo.close();
  await queue.stop();
  await postgres.stop();
});

/** A call that must fail; its answer is looked at later. */
async function refused(
  caller: ApiCaller,
  path: string,
  input: { readonly body?: unknown } = {},
): Promise<void> {
  const answer = await caller.call('body' in input ? 'POST' : 'GET', path, input.body);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  refusals.push(answer);
}

async function dump(): Promise<string> {
  const tables = await rows<{ name: string }>(
    servers.databaseUrl,
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  expect(tables.length).toBeGreaterThan(14);
  const parts: string[] = [];
  for (const { name } of tables) {
    const found = await rows<{ row: string }>(
      servers.databaseUrl,
      `SELECT t::text || to_jsonb(t)::text AS row FROM ${name} AS t`,
    );
    parts.push(...found.map(({ row }) => `${name} ${row}`));
  }
  return parts.join('\n');
}

/** Delivers a webhook as its provider signs it. */
function deliver(id: string, body: string, signature?: string): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secrets.webhookSecret.slice('whsec_'.length), 'base64');
  const signed = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return fetch(served.url + webhookPath, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature ?? `v1,${signed}`,
      'x-canary': secrets.requestHeader,
    },
  });
}

async function signUpWithCanaries(): Promise<ApiCaller> {
  const backEnd = new ApiCaller(served.url, { 'x-tenon-app-key': APP_KEY });
  const tenant = await backEnd.ok<{ id: string }>('POST', '/api/tenants', { name: 'Acme' });
  const user = { kind: 'individual', username: 'ada', password: loginPassword };
  await backEnd.ok('POST', `/api/tenants/${tenant.id}/users`, user);
  const login = { tenantId: tenant.id, username: 'ada', password: loginPassword };
  const { bearer } = await backEnd.ok<{ bearer: string }>('POST', '/api/login', login);
  canaries.add('bearer', bearer);
  canaries.add('bearer-secret', bearer.split('_').at(-1) ?? '');
  const wrong = { ...login, password: canaries.make('wrong-password') };
  await refused(backEnd, '/api/login', { body: wrong });
  return backEnd.as({ authorization: `Bearer ${bearer}` });
}

async function connectCrm(): Promise<string> {
  const started = await api.call('POST', '/api/connections/authorize', { connector: 'crm' });
  const { authorizationUrl } = started.body as { authorizationUrl: string };
  const cookie = (started.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  canaries.add('browser-binding', cookie.slice(cookie.indexOf('=') + 1));
  canaries.add('state', new URL(authorizationUrl).searchParams.get('state') ?? '');
  const callback = await oidc.authorize(authorizationUrl);
  canaries.add('authorization-code', callback.searchParams.get('code') ?? '');
  const path = `${callback.pathname}${callback.search}`;
  const browser = new ApiCaller(served.url, { cookie });
  expect((await browser.call('GET', path)).status).toBe(200);
  await refused(browser, path);
  await refused(new ApiCaller(served.url), path);
  const { items } = await api.ok<{ items: { id: string }[] }>('GET', '/api/connections');
  return items[0]?.id ?? '';
}

describe('canary secrets in every credential, header and body', () => {
  it('are used: accounts connect, calls fail in many ways, webhooks come in', async () => {
    api = await signUpWithCanaries();
    const crm = await connectCrm();
    const connect = (connector: string, fields: object) =>
      api.ok<{ id: string }>('POST', '/api/connections', { connector, fields });
    const keyed = await connect('keyed', { apiKey: secrets.apiKey });
    const basic = await connect('basic', { username: 'reader', password: secrets.password });
    const made = await api.ok<{ id: string }>('POST', '/api/installations', {
      integration: 'canary',
      connections: { crm, keyed: keyed.id, basic: basic.id },
      config: { note: 'readable-config' },
    });
    installationId = made.id;
    const [endpoint] = await rows<{ id: string }>(
      servers.databaseUrl,
      'SELECT id FROM webhook_endpoints',
    );
    webhookPath = `/api/webhooks/${endpoint?.id ?? ''}`;
    const stop = startWorker(served.app);
    oidc.expireAccessTokens();
    for (const status of [200, 400, 404, 422, 500]) {
      const job = { job: 'fail', input: { status, note: 'readable-input' } };
      await api.ok('POST', `/api/installations/${installationId}/runs`, job);
    }
    for (const status of [200, 400, 422]) {
      const person = canaries.make(`personal-data-${status}`);
      const answer = await deliver(`delivery-${status}`, JSON.stringify({ status, person }));
      expect(answer.status).toBeLessThan(300);
    }
    await until(
      'the runs and the deliveries ended',
      async () => {
        const [left] = await rows<{ count: number }>(
          servers.databaseUrl,
          `SELECT ((SELECT count(*) FROM runs WHERE finished_at IS NULL) +
                 (SELECT count(*) FROM webhook_deliveries WHERE settled_at IS NULL))::int AS count`,
        );
        return left?.count === 0;
      },
      50_000,
    );
    await stop();
    expect(oidc.tokenRequests['refresh_token']).toBe(1);
    const names = ['access_token', 'refresh_token', 'client-secret', 'state', 'authorization-code'];
    expect([...canaries.names]).toEqual(expect.arrayContaining(names));
  }, 60_000);

  it('are refused with words that do not repeat them', async () => {
    const stranger = new ApiCaller(served.url);
    const bad = canaries.make('bad-header');
    await refused(stranger.as({ authorization: `Bearer ${bad}` }), '/api/connections');
    await refused(stranger.as({ authorization: `Basic ${bad}` }), '/api/connections');
    await refused(stranger.as({ 'x-tenon-app-key': bad }), '/api/tenants', { body: { name: 'x' } });
    await refused(stranger.as({ 'x-tenon-health-key': bad }), '/health/detailed');
    const callback = `/api/connections/callback?state=${bad}&code=${bad}`;
    await refused(stranger.as({ cookie: `tenon_browser=${bad}` }), callback);
    const fields = (value: unknown) => ({ connector: 'keyed', fields: { apiKey: value } });
    const bodies: readonly unknown[] = [
      fields(canaries.make('refused-key')),
      fields([canaries.make('wrong-type')]),
      fields(`${canaries.make('too-long')}${'x'.repeat(10_000)}`),
      { connector: 'keyed', apiKey: canaries.make('misplaced') },
      `{"connector":"keyed","fields":"${canaries.make('not-json')}`,
      fields(canaries.make('huge').repeat(40_000)),
    ];
    for (const body of bodies) await refused(api, '/api/connections', { body });
    const person = canaries.make('unsigned-person');
    for (const signature of [`v1,${canaries.make('signature')}`, '']) {
      const answer = await deliver('unsigned', JSON.stringify({ person }), signature);
      expect(answer.status).toBe(401);
      expect(canaries.seenIn(await answer.text())).toEqual([]);
    }
    expect(refusals.length).toBeGreaterThan(13);
    for (const { text, headers, status } of refusals) {
      expect({ status, seen: canaries.seenIn(text + JSON.stringify([...headers])) }).toEqual({
        status,
        seen: [],
      });
    }
  }, 30_000);

  it('are in no log line, from debug up', () => {
    expect(logger.lines.length).toBeGreaterThan(20);
    const telling = logger.lines.filter(({ level }) => level === 'error' || level === 'warn');
    expect(telling.length).toBeGreaterThan(3);
    expect(canaries.seenIn(logger.text())).toEqual([]);
  });

  it('are in no event and no queue message; inputs of jobs are readable there, on purpose', () => {
    expect(canaries.seenIn(JSON.stringify(events))).toEqual([]);
    expect(sent.length).toBeGreaterThanOrEqual(8);
    expect(canaries.seenIn(sent.join('\n'))).toEqual([]);
    expect(sent.join('\n')).toContain('readable-input');
  });

  it('are not readable in the database, personal data of webhooks included; profile, config and inputs are, on purpose', async () => {
    const text = await dump();
    expect(canaries.seenIn(text)).toEqual([]);
    for (const allowed of ['readable-profile', 'readable-config', 'readable-input', 'reader']) {
      expect(text).toContain(allowed);
    }
    const bodies = await rows<{ body: string }>(
      servers.databaseUrl,
      'SELECT body FROM webhook_deliveries',
    );
    expect(bodies).toHaveLength(3);
    for (const { body } of bodies) expect(body).toMatch(/^v1:k1:/);
    const [letter] = await rows<{ error: { code: string } }>(
      servers.databaseUrl,
      'SELECT error FROM dead_letters LIMIT 1',
    );
    expect(letter?.error.code).toMatch(/^PROVIDER_/);
  });

  it('are in no answer about what failed', async () => {
    for (const path of [
      '/api/connections',
      '/api/runs',
      '/api/dead-letters',
      `/api/installations/${installationId}`,
      `/api/installations/${installationId}/webhook-deliveries`,
    ]) {
      const { status, text } = await api.call('GET', path);
      expect({ path, status, seen: canaries.seenIn(text) }).toEqual({
        path,
        status: 200,
        seen: [],
      });
    }
  });
});
