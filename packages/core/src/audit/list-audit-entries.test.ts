import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { anAuditEntry, testAppContext, testContext, testCrypto, uniqueId } from '@tenon/testing';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import { APP_TRAIL_ID, appTrailContext } from './app-trail.js';
import { chainAfter } from './audit-chain.js';
import { ListAuditEntries } from './list-audit-entries.use-case.js';

const tenantId = uniqueId<TenantId>();
const [ada, bob] = [uniqueId<UserId>(), uniqueId<UserId>()];

describe('a list of audit entries', () => {
  let list: ListAuditEntries;

  beforeEach(async () => {
    const persistence = createMemoryPersistence();
    const by = (userId: UserId | null, action: string) =>
      anAuditEntry({ tenantId, action, actor: { kind: userId ? 'user' : 'app', userId } });
    const entries = [by(ada, 'one'), by(bob, 'two'), by(null, 'three')];
    const ofApp = [anAuditEntry({ tenantId: APP_TRAIL_ID, action: 'key.rotated' })];
    await persistence.audit.append(tenantId, null, chainAfter(testCrypto, null, entries));
    await persistence.audit.append(APP_TRAIL_ID, null, chainAfter(testCrypto, null, ofApp));
    list = new ListAuditEntries({ persistence });
  });

  const whole = testContext({ tenantId, userId: null, actor: 'app', visibility: 'tenant' });
  const own = testContext({ tenantId, userId: ada, visibility: 'own' });
  const actions = async (...args: Parameters<ListAuditEntries['execute']>) =>
    (await list.execute(...args)).items.map(({ action }) => action).sort();

  it('is everything to who sees the tenant, and what one did oneself to others', async () => {
    expect(await actions(whole, {})).toEqual(['one', 'three', 'two']);
    expect(await actions(own, {})).toEqual(['one']);
    expect(await actions(whole, { actorUserId: bob })).toEqual(['two']);
    expect(await actions(own, { actorUserId: ada })).toEqual(['one']);
    expect(await list.execute(own, { actorUserId: bob })).toEqual({ items: [], nextCursor: null });
  });

  it('goes on page by page', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list.execute(whole, { limit: 1, cursor });
      seen.push(...page.items.map(({ action }) => action));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(['one', 'three', 'two']);
  });

  it('asks for the scope, and for bounds', async () => {
    const narrow = testContext({ tenantId, scopes: ['users:read'] });
    const refused = { code: 'FORBIDDEN', details: { scope: 'audit:read' } };
    await expect(list.execute(narrow, {})).rejects.toMatchObject(refused);
    await expect(list.execute(whole, { limit: 201 })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    await expect(list.execute(whole, { cursor: 'x' })).rejects.toMatchObject({
      code: 'INVALID_CURSOR',
    });
  });

  it('of the app is in no list of a tenant', async () => {
    expect(await actions(appTrailContext(testAppContext()), {})).toEqual(['key.rotated']);
  });
});
