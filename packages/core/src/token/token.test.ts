import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Context, Scope } from '../platform/context.js';
import { CreateTenant } from '../tenant/create-tenant.use-case.js';
import { identityWorld, person, type IdentityWorld } from '../user/identity.fixture.js';
import { formatBearer, parseBearer } from './bearer.js';
import { IssueToken } from './issue-token.use-case.js';
import { ListTokens } from './list-tokens.use-case.js';
import { DEFAULT_TOKEN_TTL_MS } from './make-token.js';
import { RevokeToken } from './revoke-token.use-case.js';
import type { TokenId } from './token.js';

type Person = Awaited<ReturnType<typeof person>>;
let world: IdentityWorld;
let ann: Person;
let bob: Person;
let org: Person;

beforeEach(async () => {
  world = await identityWorld();
  ann = await person(world, { username: 'ann' });
  bob = await person(world, { username: 'bob' });
  org = await person(world, { username: 'org', kind: 'organization' });
});

const issue = (context: Context, input: object = {}) =>
  new IssueToken(world).execute(context, { label: 'test', ...input });
const withScopes = (context: Context, ...scopes: Scope[]): Context => ({ ...context, scopes });

describe('bearer tokens as text', () => {
  it('come apart as they were put together', () => {
    const id = world.ids.next<TokenId>();
    const secret = 'a_-'.padEnd(43, '_');
    expect(parseBearer(formatBearer(id, secret))).toEqual({ id, secret });
    const text = formatBearer(id, secret);
    for (const wrong of ['', 'tnn_', text.slice(1), `${text}x`, text.toUpperCase(), ` ${text}`]) {
      expect(parseBearer(wrong)).toBeNull();
    }
  });
});

describe('IssueToken', () => {
  it('keeps the hash alone', async () => {
    const { bearer, token } = await issue(ann.context);
    const secret = bearer.slice(-43);
    const row = (await world.tokens.findWithOwner(token.id))?.token;
    expect(row?.hash).toBe(world.crypto.sha256(secret));
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(JSON.stringify(token)).not.toContain(row?.hash);
    expect(token).toMatchObject({
      userId: ann.user.id,
      tenantId: world.tenant.id,
      scopes: ['*'],
      expiresAt: new Date(world.clock.now().getTime() + DEFAULT_TOKEN_TTL_MS),
    });
    expect((await issue(ann.context, { ttlMs: null })).token.expiresAt).toBeNull();
  });

  it('grants what the caller has, never more', async () => {
    const narrow = withScopes(ann.context, 'tokens:write', 'runs:read');
    expect((await issue(narrow)).token.scopes).toEqual(['tokens:write', 'runs:read']);
    expect((await issue(narrow, { scopes: ['runs:read'] })).token.scopes).toEqual(['runs:read']);
    for (const scopes of [['*'], ['runs:read', 'runs:write']]) {
      await expect(issue(narrow, { scopes })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    await expect(issue(withScopes(ann.context, 'runs:read'))).rejects.toMatchObject({
      details: { scope: 'tokens:write' },
    });
  });

  it('is for the caller itself, or any user of a tenant that is seen whole', async () => {
    expect((await issue(org.context, { userId: ann.user.id })).token.userId).toBe(ann.user.id);
    expect((await issue(world.backend, { userId: ann.user.id })).token.userId).toBe(ann.user.id);
    const other = await new CreateTenant(world).execute(world.app, { name: 'Other' });
    const refused = [
      issue(ann.context, { userId: bob.user.id }),
      issue(org.context, { userId: world.ids.next() }),
      issue(world.contextOf(other.id), { userId: ann.user.id }),
    ];
    for (const one of refused) await expect(one).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
    await expect(issue(world.backend)).rejects.toMatchObject({ issues: [{ path: 'userId' }] });
  });

  it.each([
    ['label', { label: '' }],
    ['scopes', { scopes: [] }],
    ['scopes', { scopes: ['root'] }],
    ['ttlMs', { ttlMs: 1 }],
    ['ttlMs', { ttlMs: Infinity }],
  ])('refuses a wrong %s', async (path, input) => {
    await expect(issue(ann.context, input)).rejects.toMatchObject({ issues: [{ path }] });
  });
});

describe('ListTokens and RevokeToken', () => {
  it('concern the own tokens of individuals and all of a tenant that is seen whole', async () => {
    const [a, b] = [await issue(ann.context), await issue(bob.context)];
    const list = async (context: Context) =>
      (await new ListTokens(world).execute(context, {})).items.map(({ id }) => id).sort();
    expect(await list(ann.context)).toEqual([a.token.id]);
    expect(await list(org.context)).toEqual([a.token.id, b.token.id].sort());
    const revoke = new RevokeToken(world);
    await expect(revoke.execute(ann.context, { tokenId: b.token.id })).rejects.toMatchObject({
      code: 'TOKEN_NOT_FOUND',
    });
    const other = await new CreateTenant(world).execute(world.app, { name: 'Other' });
    await expect(
      revoke.execute(world.contextOf(other.id), { tokenId: b.token.id }),
    ).rejects.toMatchObject({ code: 'TOKEN_NOT_FOUND' });
    expect((await world.tokens.findWithOwner(b.token.id))?.token.revokedAt).toBeNull();
    await revoke.execute(ann.context, { tokenId: a.token.id });
    await revoke.execute(org.context, { tokenId: a.token.id });
    expect((await world.tokens.findWithOwner(a.token.id))?.token.revokedAt).not.toBeNull();
    const page = await new ListTokens(world).execute(ann.context, {});
    expect(page.items[0]).not.toHaveProperty('hash');
  });

  it('need the scope', async () => {
    const reader = withScopes(org.context, 'users:read');
    const all = [
      new ListTokens(world).execute(reader, {}),
      new RevokeToken(world).execute(reader, { tokenId: world.ids.next() }),
    ];
    for (const one of all) await expect(one).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
