import { beforeEach, describe, expect, it } from '@jest/globals';
import { recordingLogger, testAppContext } from '@tenon/testing';
import { secret } from '../platform/secret.js';
import { SetTenantStatus } from '../tenant/set-tenant-status.use-case.js';
import { CreateUser } from '../user/create-user.use-case.js';
import { identityWorld, person, type IdentityWorld } from '../user/identity.fixture.js';
import { AppKeys } from './app-keys.js';
import { AuthenticateAppUser } from './authenticate-app-user.use-case.js';
import { AuthenticateApp } from './authenticate-app.use-case.js';
import { AuthenticateToken } from './authenticate-token.use-case.js';
import { IssueToken } from './issue-token.use-case.js';
import { RevokeToken } from './revoke-token.use-case.js';

let world: IdentityWorld;
const NEW_KEY = 'new-key-0123456789';
const OLD_KEY = 'old-key-0123456789-longer';

beforeEach(async () => {
  world = await identityWorld();
});

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED', category: 'unauthenticated' });
  return (error as Error).message;
}

describe('AuthenticateToken', () => {
  it('answers tenant, user, scopes and sight of the token, under the same request', async () => {
    for (const [kind, visibility] of [
      ['individual', 'own'],
      ['organization', 'tenant'],
    ] as const) {
      const { user, context } = await person(world, { username: kind, kind });
      const input = { label: 'x', scopes: ['runs:read'] } as const;
      const { bearer } = await new IssueToken(world).execute(context, input);
      const made = await new AuthenticateToken(world).execute(world.app, { bearer });
      expect(made).toMatchObject({
        requestId: world.app.requestId,
        tenantId: world.tenant.id,
        userId: user.id,
        actor: 'user',
        scopes: ['runs:read'],
        visibility,
      });
    }
  });

  it('refuses every kind of wrong token with the same error', async () => {
    const { user, context } = await person(world, { username: 'ann' });
    const issue = new IssueToken(world);
    const make = async (ttlMs?: number) => issue.execute(context, { label: 'x', ttlMs });
    const authenticate = new AuthenticateToken(world);
    const check = (bearer: string) => messageOf(authenticate.execute(world.app, { bearer }));
    const [good, revoked, short] = [await make(), await make(), await make(1_000)];
    await new RevokeToken(world).execute(context, { tokenId: revoked.token.id });
    await world.clock.advance(1_000);
    await authenticate.execute(world.app, { bearer: good.bearer });
    const messages = [
      await check(''),
      await check('Bearer x'),
      await check(`${good.bearer.slice(0, -1)}${good.bearer.endsWith('A') ? 'B' : 'A'}`),
      await check(good.bearer.replace(good.token.id, world.ids.next())),
      await check(good.bearer.replace(good.token.id, short.token.id)),
      await check(revoked.bearer),
      await check(short.bearer),
    ];
    const suspend = new SetTenantStatus(world);
    await suspend.execute(world.app, { tenantId: world.tenant.id, status: 'suspended' });
    messages.push(await check(good.bearer));
    await suspend.execute(world.app, { tenantId: world.tenant.id, status: 'active' });
    const row = await world.users.find(world.tenant.id, user.id);
    await world.users.update({ ...row!, status: 'disabled' });
    messages.push(await check(good.bearer));
    expect(new Set(messages).size).toBe(1);
  });

  it('hashes and compares for unknown ids too', async () => {
    const { context } = await person(world, { username: 'ann' });
    const { bearer, token } = await new IssueToken(world).execute(context, { label: 'x' });
    const work: string[] = [];
    const crypto = {
      ...world.crypto,
      sha256: (text: string) => {
        work.push(`sha256 ${text.length}`);
        return world.crypto.sha256(text);
      },
      equal: (a: string, b: string) => {
        work.push(`equal ${a.length} ${b.length}`);
        return world.crypto.equal(a, b);
      },
    };
    const authenticate = new AuthenticateToken({ ...world, crypto });
    await authenticate.execute(world.app, { bearer });
    const known = work.splice(0);
    await messageOf(
      authenticate.execute(world.app, { bearer: bearer.replace(token.id, world.ids.next()) }),
    );
    expect(work).toEqual(known);
  });

  it('notes the last use at most once a minute and never lets it fail the call', async () => {
    const { context } = await person(world, { username: 'ann' });
    const { bearer } = await new IssueToken(world).execute(context, { label: 'x' });
    const touched: Date[] = [];
    let fails = false;
    const tokens = Object.assign(Object.create(world.tokens) as typeof world.tokens, {
      findWithOwner: (id: never) => world.tokens.findWithOwner(id),
      touch: async (id: never, at: Date) => {
        touched.push(at);
        if (fails) throw new Error('database down');
        await world.tokens.touch(id, at);
      },
    });
    const logger = recordingLogger();
    const app = testAppContext({ logger });
    const use = new AuthenticateToken({ ...world, tokens });
    await Promise.all([1, 2, 3].map(() => use.execute(app, { bearer })));
    expect(touched).toHaveLength(1);
    await world.clock.advance(59_999);
    await use.execute(app, { bearer });
    expect(touched).toHaveLength(1);
    fails = true;
    await world.clock.advance(1);
    await use.execute(app, { bearer });
    expect(touched).toHaveLength(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(JSON.stringify(logger.lines)).toContain('could not be written');
  });
});

describe('AuthenticateApp', () => {
  const make = () =>
    new AppKeys(world.crypto, [
      { id: 'new', key: secret(NEW_KEY) },
      { id: 'old', key: secret(OLD_KEY) },
    ]);

  it('takes each of the keys and no other', async () => {
    const authenticate = new AuthenticateApp({ appKeys: make() });
    for (const key of [NEW_KEY, OLD_KEY]) {
      expect(await authenticate.execute(world.app, { key })).toMatchObject({ actor: 'app' });
    }
    for (const key of ['', 'x', `${NEW_KEY} `, NEW_KEY.slice(1)]) {
      await messageOf(authenticate.execute(world.app, { key }));
    }
    const closed = new AuthenticateApp({ appKeys: new AppKeys(world.crypto, []) });
    await messageOf(closed.execute(world.app, { key: '' }));
  });

  it('compares with every key, whichever fits', async () => {
    let comparisons = 0;
    const crypto = {
      ...world.crypto,
      equal: (a: string, b: string) => {
        comparisons += 1;
        return world.crypto.equal(a, b);
      },
    };
    const keys = new AppKeys(crypto, [
      { id: 'new', key: secret(NEW_KEY) },
      { id: 'old', key: secret(OLD_KEY) },
    ]);
    expect(keys.verify(NEW_KEY)).toBe('new');
    expect(keys.verify(OLD_KEY)).toBe('old');
    expect(comparisons).toBe(4);
  });

  it('refuses short keys and repeated ids, without printing them', () => {
    const short = { id: 'a', key: secret('short') };
    expect(() => new AppKeys(world.crypto, [short])).toThrow(/'a' is shorter than 16/);
    const twice = [secret(NEW_KEY), secret(OLD_KEY)].map((key) => ({ id: 'a', key }));
    expect(() => new AppKeys(world.crypto, twice)).toThrow(/Two app keys/);
  });

  it('acts for a user by the id of the product', async () => {
    const user = await new CreateUser(world).execute(world.backend, {
      kind: 'organization',
      appUserId: 'u-1',
    });
    const act = new AuthenticateAppUser({ ...world, appKeys: make() });
    const input = { key: NEW_KEY, appUserId: 'u-1' };
    expect(await act.execute(world.app, input)).toMatchObject({
      tenantId: world.tenant.id,
      userId: user.id,
      actor: 'app',
      visibility: 'tenant',
    });
    await messageOf(act.execute(world.app, { ...input, key: 'wrong-key-0123456789' }));
    for (const appUserId of ['u-2', 'u\u0000']) {
      await expect(act.execute(world.app, { ...input, appUserId })).rejects.toMatchObject({
        code: 'USER_NOT_FOUND',
      });
    }
    const suspended = { tenantId: world.tenant.id, status: 'suspended' } as const;
    await new SetTenantStatus(world).execute(world.app, suspended);
    await messageOf(act.execute(world.app, input));
  });
});
