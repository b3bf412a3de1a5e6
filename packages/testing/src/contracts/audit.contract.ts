import {
  APP_TRAIL_ID,
  AuditTrail,
  chainAfter,
  silentLogger,
  systemContext,
  VerifyAudit,
} from '@tenon/core';
import type {
  AuditEntry,
  AuditFilter,
  AuditHead,
  NewAuditEntry,
  Repositories,
  TenantId,
  UserId,
} from '@tenon/core';
import { anAuditEntry } from '../fixtures/records.js';
import { uniqueId, uniqueName } from '../fixtures/unique.js';
import { createTestPlatform } from '../platform/create-test-platform.js';
import { testCrypto } from '../platform/test-crypto.js';
import { atOnce, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const now = new Date('2026-05-06T07:08:09.123Z');

/** Appends entries in one call, after whatever is there. */
async function add(
  { audit }: Repositories,
  tenantId: TenantId,
  rows: readonly Partial<NewAuditEntry>[],
): Promise<readonly AuditEntry[]> {
  const head = await audit.head(tenantId);
  const entries = rows.map((row) => anAuditEntry({ ...row, tenantId }));
  const chained = chainAfter(testCrypto, head, entries);
  await audit.append(tenantId, head, chained);
  return chained;
}

const headOf = ({ sequence, hash }: AuditEntry): AuditHead => ({ sequence, hash });

function chainContract({ it, expect }: PersistenceSuite): void {
  it('audit: append keeps every field, in order, and moves the head', async ({ persistence }) => {
    const { tenantId, user } = await World.create(persistence);
    const { audit } = persistence;
    expect(await audit.head(tenantId)).toBeNull();
    expect(await audit.read(tenantId, 0, 10)).toEqual([]);
    const first = await add(persistence, tenantId, [
      {
        actor: { kind: 'user', userId: user.id },
        details: { z: 1, a: [null, { ü: '€', b: -0.5 }], '': {} },
        createdAt: now,
      },
      { actor: { kind: 'system', userId: null }, details: {} },
    ]);
    expect(await audit.head(tenantId)).toEqual(headOf(first[1]!));
    const [third] = await add(persistence, tenantId, [{ action: 'x', requestId: 'r😀' }]);
    expect(third).toMatchObject({ sequence: 3, previousHash: first[1]!.hash });
    expect(await audit.read(tenantId, 0, 10)).toEqual([...first, third]);
    expect(await audit.read(tenantId, 1, 1)).toEqual([first[1]]);
    expect(await audit.read(tenantId, 3, 10)).toEqual([]);
    expect(await audit.append(tenantId, headOf(third!), [])).toBe(0);
  });

  it('audit: append after an outdated head appends nothing', async ({ persistence }) => {
    const { tenantId } = await World.create(persistence);
    const { audit } = persistence;
    const [one, two] = await add(persistence, tenantId, [{}, {}]);
    for (const head of [null, headOf(one!), { ...headOf(two!), hash: 'other' }]) {
      const late = chainAfter(testCrypto, head, [anAuditEntry({ tenantId })]);
      expect(await audit.append(tenantId, head, late)).toBe(0);
    }
    expect(await audit.head(tenantId)).toEqual(headOf(two!));
    expect(await audit.read(tenantId, 0, 10)).toEqual([one, two]);
  });

  it('audit: of 20 writers after one head, one appends', async ({ persistence }) => {
    const { tenantId } = await World.create(persistence);
    const { audit } = persistence;
    for (const size of [1, 3]) {
      const head = await audit.head(tenantId);
      const counts = await atOnce(20, () => {
        const rows = Array.from({ length: size }, () => anAuditEntry({ tenantId }));
        return audit.append(tenantId, head, chainAfter(testCrypto, head, rows));
      });
      expect(counts.filter((count) => count > 0)).toEqual([size]);
    }
    expect((await audit.read(tenantId, 0, 10)).map(({ sequence }) => sequence)).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it('audit: 20 writers enter 60 entries, none lost, and the trail verifies', async ({
    persistence,
  }) => {
    const { tenantId } = await World.create(persistence);
    const origin = { tenantId, requestId: 'r', actor: 'system', userId: null } as const;
    await atOnce(20, async (writer) => {
      const platform = createTestPlatform({ seed: uniqueName() });
      const trail = new AuditTrail({ ...platform, persistence, logger: silentLogger });
      for (let index = 0; index < 3; index += 1) {
        const subject = { type: 'test', id: `${writer}/${index}` };
        await trail.record(origin, { action: 'test.done', subject });
      }
      while (trail.pending) await trail.flush();
    });
    const context = systemContext({ requestId: 'r', tenantId, logger: silentLogger });
    const verify = new VerifyAudit({ persistence, crypto: testCrypto });
    const found = await verify.execute(context, {});
    expect(found).toMatchObject({ ok: true, checked: 60, broken: null });
    const entries = await persistence.audit.read(tenantId, 0, 1_000);
    expect(new Set(entries.map(({ subject }) => subject.id)).size).toBe(60);
  });

  it('audit: 1,000 entries in one call', async ({ persistence }) => {
    const { tenantId } = await World.create(persistence);
    const rows = Array.from({ length: 1_000 }, (_, index) => ({ details: { index } }));
    const added = await add(persistence, tenantId, rows);
    expect(await persistence.audit.head(tenantId)).toEqual(headOf(added.at(-1)!));
    expect(await persistence.audit.read(tenantId, 990, 100)).toEqual(added.slice(990));
  });
}

function listContract({ it, expect }: PersistenceSuite): void {
  it('audit: list filters', async ({ persistence }) => {
    const { tenantId, user } = await World.create(persistence);
    const actor = { kind: 'user', userId: user.id } as const;
    const subject = { type: 'connection', id: 'c1' };
    const added = await add(persistence, tenantId, [
      { action: 'a', actor, subject, createdAt: now },
      { action: 'b', actor, subject: { ...subject, id: 'c2' }, createdAt: later(now, 1) },
      { action: 'a', subject: { type: 'user', id: 'c1' }, createdAt: later(now, 2) },
    ]);
    const found = async (filter: AuditFilter) => {
      const { items } = await persistence.audit.list(tenantId, filter, firstPage);
      return items.map(({ sequence }) => sequence);
    };
    expect(await persistence.audit.list(tenantId, {}, firstPage)).toEqual({
      items: [...added].reverse(),
      nextCursor: null,
    });
    expect(await found({ action: 'a' })).toEqual([3, 1]);
    expect(await found({ subjectType: 'connection' })).toEqual([2, 1]);
    expect(await found({ subjectId: 'c1' })).toEqual([3, 1]);
    expect(await found({ subjectType: 'connection', subjectId: 'c1' })).toEqual([1]);
    expect(await found({ actorKind: 'user' })).toEqual([2, 1]);
    expect(await found({ actorUserId: user.id })).toEqual([2, 1]);
    expect(await found({ actorUserId: uniqueId() })).toEqual([]);
    expect(await found({ actorUserId: 'x' as UserId })).toEqual([]);
    expect(await found({ from: later(now, 1) })).toEqual([3, 2]);
    expect(await found({ to: later(now, 1) })).toEqual([1]);
    expect(await found({ from: now, to: later(now, 2), action: 'a' })).toEqual([1]);
  });

  it("audit: another tenant's trail is not seen, and trails do not meet", async ({
    persistence,
  }) => {
    const [one, two] = [await World.create(persistence), await World.create(persistence)];
    const { audit } = persistence;
    await add(persistence, one.tenantId, [{}, {}]);
    for (const other of [two.tenantId, uniqueId<TenantId>(), 'malformed' as TenantId]) {
      expect(await audit.head(other)).toBeNull();
      expect(await audit.read(other, 0, 10)).toEqual([]);
      expect((await audit.list(other, {}, firstPage)).items).toEqual([]);
    }
    expect(await add(persistence, two.tenantId, [{}])).toMatchObject([{ sequence: 1 }]);
  });

  it('audit: entries outlive what they name, and end with their tenant', async ({
    persistence,
  }) => {
    const world = await World.create(persistence);
    const { tenantId } = world;
    const user = await world.addUser();
    const subject = { type: 'user', id: user.id };
    const actor = { kind: 'user', userId: user.id } as const;
    await add(persistence, tenantId, [{ subject, actor }, {}, {}]);
    expect(await persistence.users.delete(tenantId, user.id)).toBe(true);
    expect(await persistence.audit.read(tenantId, 0, 10)).toHaveLength(3);
    const { tenantData, audit, tenants } = persistence;
    const kept = { code: 'AUDIT_TRAIL_KEPT' };
    for (const entity of ['audit', 'auditHeads'] as const)
      await expect(tenantData.deleteBatch(tenantId, entity, 2)).rejects.toMatchObject(kept);
    expect(await audit.read(tenantId, 0, 10)).toHaveLength(3);
    await tenants.update({ ...world.tenant, status: 'deleting' });
    await expect(tenantData.deleteBatch(tenantId, 'auditHeads', 2)).rejects.toMatchObject(kept);
    expect(await tenantData.deleteBatch(tenantId, 'audit', 2)).toBe(2);
    await expect(tenantData.deleteBatch(tenantId, 'auditHeads', 2)).rejects.toMatchObject(kept);
    expect(await tenantData.deleteBatch(tenantId, 'audit', 2)).toBe(1);
    expect(await tenantData.deleteBatch(tenantId, 'audit', 2)).toBe(0);
    expect(await audit.head(tenantId)).not.toBeNull();
    expect(await tenantData.deleteBatch(tenantId, 'auditHeads', 2)).toBe(1);
    expect(await audit.head(tenantId)).toBeNull();
  });

  it('audit: what was entered after the tenant was gone can be removed, the trail of the app cannot', async ({
    persistence,
  }) => {
    const { tenantData } = persistence;
    const gone = uniqueId<TenantId>();
    await add(persistence, gone, [{}]);
    expect(await tenantData.deleteBatch(gone, 'audit', 10)).toBe(1);
    expect(await tenantData.deleteBatch(gone, 'auditHeads', 10)).toBe(1);
    await add(persistence, APP_TRAIL_ID, [{}]);
    const kept = { code: 'AUDIT_TRAIL_KEPT' };
    for (const entity of ['audit', 'auditHeads'] as const)
      await expect(tenantData.deleteBatch(APP_TRAIL_ID, entity, 10)).rejects.toMatchObject(kept);
  });
}

/** Tests of `AuditRepository`. */
export function auditContract(suite: PersistenceSuite): void {
  suite.describe('audit', () => {
    chainContract(suite);
    listContract(suite);
  });
}
