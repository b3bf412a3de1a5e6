import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthorizeInput, Context, StartedAuthorization } from '@tenon/core';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import type { MemoryPersistence } from '@tenon/persistence-memory';
import {
  aTenant,
  aUser,
  anInstallation,
  startOidcServer,
  testAppContext,
  testContext,
} from '@tenon/testing';
import type { OidcServer } from '@tenon/testing';
import { connecting, PUBLIC_URL } from './connect.fixture.js';

let oidc: OidcServer;
let persistence: MemoryPersistence;
let app: ReturnType<typeof connecting>;

beforeAll(async () => {
  oidc = await startOidcServer({ redirectUris: [`${PUBLIC_URL}/api/connections/callback`] });
});
afterAll(() => oidc.close());
beforeEach(() => {
  oidc.account = 'ada';
  oidc.consent = true;
  persistence = createMemoryPersistence();
  app = connecting(oidc, persistence);
});
afterEach(() => app.close());

async function person(): Promise<Context> {
  const tenant = aTenant();
  const user = aUser({ tenantId: tenant.id });
  await persistence.tenants.insert(tenant);
  await persistence.users.insert(user);
  return testContext({ tenantId: tenant.id, userId: user.id });
}

const start = (context: Context, input: Partial<AuthorizeInput> = {}) =>
  app.authorize.execute(context, { connector: 'crm', ...input });

/** What the provider sends back to the callback, and the binding that the browser sends with it. */
async function consent(started: StartedAuthorization) {
  const url = await oidc.authorize(started.authorizationUrl);
  const get = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  return {
    state: get('state') ?? '',
    code: get('code'),
    error: get('error'),
    browserBinding: started.browserBinding,
  };
}
const complete = (input: Parameters<typeof app.complete.execute>[1]) =>
  app.complete.execute(testAppContext(), input);
const connections = async (context: Context) =>
  (await persistence.connections.list(context.tenantId, {}, { limit: 50, after: null })).items;
const invalid = expect.objectContaining({ code: 'AUTHORIZATION_INVALID' });

describe('connecting an account', () => {
  it('keeps connection and credential, and connects the same account again to the same connection', async () => {
    const context = await person();
    const returnTo = 'https://app.example.com/settings/crm?tab=1';
    const { connection, returnTo: back } = await complete(
      await consent(await start(context, { returnTo })),
    );
    expect(back).toBe(returnTo);
    expect(connection).toMatchObject({
      externalId: 'ada',
      name: 'Account of ada',
      state: 'active',
      userId: context.userId,
    });
    const again = await complete(await consent(await start(context, { name: 'Mine' })));
    expect(again.connection).toMatchObject({ id: connection.id, name: 'Mine' });
    expect(await connections(context)).toHaveLength(1);
    expect(app.seen.map(({ type }) => type)).toEqual([
      'connection.created',
      'connection.reauthorized',
    ]);
    expect(app.resumed).toEqual([connection.id]);
    expect(await app.test.execute(context, { connectionId: connection.id })).toMatchObject({
      ok: true,
    });
  });

  it('revokes at the provider when it is deleted, unless installations use it', async () => {
    const context = await person();
    const { connection } = await complete(await consent(await start(context)));
    const installation = anInstallation({
      tenantId: context.tenantId,
      connections: { crm: connection.id },
    });
    await persistence.installations.insert(installation);
    const input = { connectionId: connection.id };
    await expect(app.remove.execute(context, input)).rejects.toMatchObject({
      code: 'CONNECTION_IN_USE',
      details: { installationIds: [installation.id] },
    });
    expect(oidc.revocations).toBe(0);
    await persistence.installations.deleteBatch(context.tenantId, installation.id, 100);
    await app.remove.execute(context, input);
    expect(oidc.revocations).toBe(1);
    expect(await connections(context)).toEqual([]);
    await expect(app.remove.execute(context, input)).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
  });
});

describe('authorising again', () => {
  it('keeps the id, makes the connection active and lets parked jobs go on', async () => {
    const context = await person();
    const { connection } = await complete(await consent(await start(context)));
    await persistence.connections.setState(context.tenantId, connection.id, {
      state: 'needs_reauthorization',
      problem: { code: 'invalid_grant', message: 'gone' },
      at: new Date(),
    });
    const started = await start(context, { connectionId: connection.id });
    const again = await complete(await consent(started));
    expect(again.connection).toMatchObject({ id: connection.id, state: 'active', problem: null });
    expect(app.resumed).toEqual([connection.id]);
  });

  it('refuses another account', async () => {
    const context = await person();
    const { connection } = await complete(await consent(await start(context)));
    oidc.account = 'mallory';
    const started = await start(context, { connectionId: connection.id });
    await expect(complete(await consent(started))).rejects.toMatchObject({
      code: 'CONNECTION_ACCOUNT_MISMATCH',
    });
    expect(await connections(context)).toEqual([connection]);
  });

  it('finds no connection of another tenant or user', async () => {
    const owner = await person();
    const { connection } = await complete(await consent(await start(owner)));
    const stranger = await person();
    const colleague = testContext({ tenantId: owner.tenantId });
    for (const context of [stranger, colleague]) {
      await expect(start(context, { connectionId: connection.id })).rejects.toMatchObject({
        code: 'CONNECTION_NOT_FOUND',
      });
    }
  });
});

describe('attacks', () => {
  it('refuses a replayed state, also when it comes many times at once', async () => {
    const context = await person();
    const callback = await consent(await start(context));
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => complete(callback)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(complete(callback)).rejects.toEqual(invalid);
    expect(await connections(context)).toHaveLength(1);
  });

  it.each([
    ['no binding', undefined],
    ['an empty binding', ''],
    ['a guess', 'x'.repeat(43)],
  ])(
    'refuses another browser with %s and burns the state without telling anything',
    async (_, browserBinding) => {
      const context = await person();
      const callback = await consent(await start(context));
      const before = { ...oidc.tokenRequests };
      await expect(complete({ ...callback, browserBinding })).rejects.toEqual(invalid);
      await expect(
        complete({ ...callback, code: undefined, error: 'access_denied', browserBinding }),
      ).rejects.toEqual(invalid);
      await expect(complete(callback)).rejects.toEqual(invalid);
      expect(oidc.tokenRequests).toEqual(before);
      expect(await connections(context)).toEqual([]);
    },
  );

  it("refuses another tenant's state: the victim's browser cannot end what the attacker began", async () => {
    const attacker = await person();
    const victim = await person();
    const ofAttacker = await consent(await start(attacker));
    const ofVictim = await start(victim);
    const swapped = { ...ofAttacker, browserBinding: ofVictim.browserBinding };
    await expect(complete(swapped)).rejects.toEqual(invalid);
    expect(await connections(attacker)).toEqual([]);
    expect(await connections(victim)).toEqual([]);
  });

  it('refuses a code that was issued for another authorization', async () => {
    const attacker = await consent(await start(await person()));
    const context = await person();
    const callback = await consent(await start(context));
    await expect(complete({ ...callback, code: attacker.code })).rejects.toMatchObject({
      code: 'AUTHORIZATION_CODE_REFUSED',
    });
    expect(await connections(context)).toEqual([]);
  });

  it('refuses unknown states and those of users that are gone, and gives ten minutes', async () => {
    const context = await person();
    await expect(complete({ state: 'unknown', code: 'c', browserBinding: 'b' })).rejects.toEqual(
      invalid,
    );
    const callback = await consent(await start(context));
    await persistence.users.delete(context.tenantId, context.userId!);
    await expect(complete(callback)).rejects.toEqual(invalid);
    const { expiresAt } = await start(await person());
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(600_000);
  });

  it('always sends PKCE, and the provider refuses to go without', async () => {
    const { authorizationUrl } = await start(await person());
    const url = new URL(authorizationUrl);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    for (const name of ['code_challenge', 'code_challenge_method']) url.searchParams.delete(name);
    const answer = await oidc.authorize(url.href);
    expect(answer.searchParams.get('error')).toBe('invalid_request');
  });

  it('sends the browser to no stranger', async () => {
    const context = await person();
    const { authorizationUrl } = await start(context);
    const url = new URL(authorizationUrl);
    expect(url.searchParams.get('redirect_uri')).toBe(`${PUBLIC_URL}/api/connections/callback`);
    url.searchParams.set('redirect_uri', 'https://evil.example/api/connections/callback');
    await expect(oidc.authorize(url.href)).rejects.toThrow(/answered 400/);
    for (const returnTo of [
      'https://evil.example/settings',
      'https://app.example.com.evil.example/settings',
      'https://app.example.com@evil.example/settings',
      'https://app.example.com\\@evil.example/settings',
      'https://app.example.com/settings-evil',
      'https://app.example.com/settings/../admin',
      'https://app.example.com/settings/%2E%2e/admin',
      'http://app.example.com/settings',
      '//evil.example',
      '/settings',
      'javascript:alert(1)',
      'https://app.example.com:8443/settings',
    ]) {
      await expect(start(context, { returnTo })).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
      });
    }
  });

  it('tells the starting browser, and nobody else, that consent was refused', async () => {
    const context = await person();
    oidc.consent = false;
    const callback = await consent(await start(context));
    await expect(complete(callback)).rejects.toMatchObject({
      code: 'AUTHORIZATION_DENIED',
      details: { reason: 'access_denied' },
    });
  });

  it('keeps state and binding as hashes', async () => {
    const started = await start(await person());
    const state = new URL(started.authorizationUrl).searchParams.get('state') ?? '';
    expect(state).toMatch(/^[\w-]{43}$/);
    const kept = persistence.inspection.dump();
    expect(kept).toContain('stateHash');
    expect(kept).not.toContain(state);
    expect(kept).not.toContain(started.browserBinding);
  });
});
