import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import {
  aConnection,
  startScriptedServer,
  TestClock,
  TestIds,
  testAppContext,
  testContext,
  testCrypto,
  aUser,
} from '@tenon/testing';
import type { ScriptedServer } from '@tenon/testing';
import { Registry } from '../app/registry.js';
import type { ApiClient } from '../connector/api-client.js';
import { defineConnector } from '../connector/connector.js';
import { AuthorizedClientFactory } from '../credential/authorized-client-factory.js';
import { EventBus } from '../event/event-bus.js';
import type { DomainEvent } from '../event/domain-event.js';
import type { HttpClient } from '../platform/http-client.port.js';
import { silentLogger } from '../platform/logger.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import { AuthorizeConnection } from './authorize-connection.use-case.js';
import { CompleteAuthorization } from './complete-authorization.use-case.js';
import { GetConnection } from './get-connection.use-case.js';
import { ListConnections } from './list-connections.use-case.js';
import { RenameConnection } from './rename-connection.use-case.js';
import { SubmitConnection } from './submit-connection.use-case.js';
import { TestConnection } from './test-connection.use-case.js';

const KEY = 'sk_live_0123456789';

let server: ScriptedServer;
let http: HttpClient;
beforeAll(async () => {
  server = await startScriptedServer(({ headers }) =>
    headers['x-api-key'] === KEY ? { body: { account: 'acme' } } : { status: 401 },
  );
  http = createUndiciHttpClient({ egress: { allow: [new URL(server.url).host] } });
});
afterAll(async () => {
  await http.close();
  await server.close();
});
beforeEach(() => server.reset());

function setUp() {
  const clock = new TestClock({ autoAdvance: true });
  const ids = new TestIds(clock);
  const persistence = createMemoryPersistence();
  const events = new EventBus({ clock, ids, logger: silentLogger });
  const seen: DomainEvent[] = [];
  events.subscribe('*', (event) => void seen.push(event));
  const desk = defineConnector<ApiClient>({
    name: 'desk',
    display: { label: 'Desk' },
    auth: {
      type: 'api_key',
      fields: {
        apiKey: { label: 'Key', pattern: 'sk_[a-z]+_[0-9]+' },
        region: { label: 'Region', secret: false, required: false },
      },
      placement: { in: 'header', name: 'x-api-key' },
    },
    baseUrl: (profile) => `${server.url}/${profile['region'] === 'us' ? 'us' : 'eu'}`,
    api: (client) => client,
    identity: async (client) => {
      const { account } = await client.get<{ account: string }>('/me');
      return { externalId: account, name: 'Acme', profile: { plan: 'pro' } };
    },
  });
  const crm = defineConnector<ApiClient>({
    name: 'crm',
    display: { label: 'CRM' },
    auth: {
      type: 'oauth2',
      authorizationUrl: `${server.url}/authorize`,
      tokenUrl: `${server.url}/token`,
      clientId: 'c',
      scopes: [],
    },
    baseUrl: server.url,
    api: (client) => client,
    identity: () => Promise.resolve({ externalId: 'x' }),
  });
  const shared = {
    persistence,
    http,
    clock,
    ids,
    crypto: testCrypto,
    events,
    logger: silentLogger,
  };
  const resumed: string[] = [];
  const parts = {
    ...shared,
    registry: new Registry({ connectors: [desk, crm] }),
    clients: new AuthorizedClientFactory(shared, { credentialCacheMs: 0 }),
    config: { publicUrl: 'https://tenon.example/base/', allowedReturnUrls: [] },
    resumeParked: async (_: unknown, id: string) => void resumed.push(id),
  };
  return {
    clock,
    persistence,
    seen,
    resumed,
    submit: new SubmitConnection(parts),
    test: new TestConnection(parts),
    get: new GetConnection(parts),
    list: new ListConnections(parts),
    rename: new RenameConnection(parts),
    authorize: new AuthorizeConnection(parts),
    complete: new CompleteAuthorization(parts),
  };
}

/** A context of a user who is there. */
async function userOf({ users }: Pick<Repositories, 'users'>) {
  const context = testContext();
  const { tenantId, userId } = context;
  await users.insert(aUser({ tenantId, ...(userId !== null && { id: userId }) }));
  return context;
}

describe('submitting a form', () => {
  it('tries the fields, then keeps the secret ones apart from the profile', async () => {
    const { submit, persistence, seen } = setUp();
    const context = await userOf(persistence);
    const connection = await submit.execute(context, {
      connector: 'desk',
      fields: { apiKey: KEY, region: 'us' },
    });
    expect(connection).toMatchObject({
      name: 'Acme',
      externalId: 'acme',
      profile: { region: 'us', plan: 'pro' },
    });
    expect(JSON.stringify(connection)).not.toContain(KEY);
    expect(server.requests[0]?.path).toBe('/us/me');
    const credential = await persistence.credentials.findByConnection(
      context.tenantId,
      connection.id,
    );
    expect(credential?.material.reveal()).toMatchObject({ fields: { apiKey: KEY } });
    expect(seen.map(({ type }) => type)).toEqual(['connection.created']);
  });

  it('names every field that is wrong, without its value, before it asks the provider', async () => {
    const { submit } = setUp();
    const call = (fields: Record<string, string>) =>
      submit.execute(testContext(), { connector: 'desk', fields });
    await expect(call({ apikey: 'x' })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [
        { path: 'fields.apikey', message: expect.stringContaining("did you mean 'apiKey'") },
        { path: 'fields.apiKey', message: 'is required' },
      ],
    });
    for (const apiKey of ['nope', `${KEY}\r\nx: y`, '']) {
      const error: unknown = await call({ apiKey }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'VALIDATION_FAILED' });
      if (apiKey !== '') expect(String(error)).not.toContain(apiKey);
    }
    expect(server.requests).toEqual([]);
  });

  it('keeps nothing when the provider refuses, and says which command an OAuth connector needs', async () => {
    const { submit, persistence } = setUp();
    const context = await userOf(persistence);
    const wrong = { connector: 'desk', fields: { apiKey: 'sk_live_999' } };
    await expect(submit.execute(context, wrong)).rejects.toMatchObject({
      code: 'CREDENTIAL_REJECTED',
    });
    await expect(submit.execute(context, { connector: 'crm', fields: {} })).rejects.toMatchObject({
      code: 'WRONG_AUTH_TYPE',
    });
    const page = { limit: 10, after: null };
    expect((await persistence.connections.list(context.tenantId, {}, page)).items).toEqual([]);
  });

  it('mends a connection that needs re-authorisation, under the same id, and lets its jobs go on', async () => {
    const { submit, persistence, resumed, test } = setUp();
    const context = await userOf(persistence);
    const input = { connector: 'desk', fields: { apiKey: KEY } };
    const { id } = await submit.execute(context, input);
    const stop = {
      state: 'needs_reauthorization',
      problem: { code: 'UNAUTHORIZED', message: 'x' },
      at: new Date(),
    } as const;
    await persistence.connections.setState(context.tenantId, id, stop);
    expect(await submit.execute(context, { ...input, connectionId: id })).toMatchObject({
      id,
      state: 'active',
    });
    await persistence.connections.setState(context.tenantId, id, stop);
    expect(await test.execute(context, { connectionId: id })).toMatchObject({
      ok: true,
      connection: { state: 'active', problem: null },
    });
    expect(resumed).toEqual([id, id]);
  });
});

describe('testing a connection', () => {
  it('tells what is wrong and marks a refused key, but not an outage', async () => {
    const { submit, test, persistence } = setUp();
    const context = await userOf(persistence);
    const { id } = await submit.execute(context, { connector: 'desk', fields: { apiKey: KEY } });
    server.enqueue(...Array.from({ length: 5 }, () => ({ status: 503 })));
    const outage = await test.execute(context, { connectionId: id });
    expect(outage).toMatchObject({
      ok: false,
      problem: { code: 'PROVIDER_UNAVAILABLE' },
      connection: { state: 'active' },
    });
    server.enqueue({ body: { account: 'other' } });
    const other = await test.execute(context, { connectionId: id });
    expect(other).toMatchObject({ ok: false, problem: { code: 'CONNECTION_ACCOUNT_MISMATCH' } });
    server.enqueue({ status: 401 }, { status: 401 });
    const refused = await test.execute(context, { connectionId: id });
    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'CONNECTION_NEEDS_REAUTHORIZATION' },
      connection: { state: 'needs_reauthorization' },
    });
  });
});

describe('reading and renaming', () => {
  it('shows own connections alone, and the whole tenant to those who may see it', async () => {
    const { get, list, rename, persistence } = setUp();
    const context = testContext();
    const own = aConnection({ tenantId: context.tenantId, userId: context.userId! });
    const foreign = aConnection({ tenantId: context.tenantId });
    for (const each of [own, foreign, aConnection()]) await persistence.connections.insert(each);
    expect((await list.execute(context, {})).items.map(({ id }) => id)).toEqual([own.id]);
    expect((await list.execute({ ...context, visibility: 'tenant' }, {})).items).toHaveLength(2);
    const hidden = { connectionId: foreign.id };
    await expect(get.execute(context, hidden)).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
    await expect(rename.execute(context, { ...hidden, name: 'x' })).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
    const renamed = await rename.execute(context, { connectionId: own.id, name: ' New ' });
    expect(await get.execute(context, { connectionId: own.id })).toEqual(renamed);
    expect(renamed.name).toBe('New');
    await expect(
      rename.execute(context, { connectionId: own.id, name: ' ' }),
    ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(
      get.execute({ ...context, scopes: ['runs:read'] }, { connectionId: own.id }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('an authorization', () => {
  it('is over after ten minutes', async () => {
    const { authorize, complete, clock, persistence } = setUp();
    const user = aUser();
    await persistence.users.insert(user);
    const context = testContext({ tenantId: user.tenantId, userId: user.id });
    const begin = async () => {
      const { authorizationUrl, browserBinding } = await authorize.execute(context, {
        connector: 'crm',
      });
      const url = new URL(authorizationUrl);
      expect(url.searchParams.get('redirect_uri')).toBe(
        'https://tenon.example/base/api/connections/callback',
      );
      return { state: url.searchParams.get('state') ?? '', error: 'access_denied', browserBinding };
    };
    const late = await begin();
    await clock.advance(600_000);
    await expect(complete.execute(testAppContext(), late)).rejects.toMatchObject({
      code: 'AUTHORIZATION_INVALID',
    });
    const inTime = await begin();
    await clock.advance(599_000);
    await expect(complete.execute(testAppContext(), inTime)).rejects.toMatchObject({
      code: 'AUTHORIZATION_DENIED',
    });
  });
});
