import type { InboxClaim, Repositories, TenantId } from '@tenon/core';
import { uniqueId, uniqueName, uniquePast } from '../fixtures/unique.js';
import { atOnce, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const now = new Date('2026-05-06T07:08:09.123Z');

async function aClaim(persistence: Repositories): Promise<InboxClaim> {
  const world = await World.create(persistence);
  const installation = await world.addInstallation();
  const key = `${installation.id}/it's "ä😀"`;
  return { ...scopeOf(installation), key, owner: uniqueName('owner'), leaseMs: 1_000, now };
}

/** Tests of `InboxRepository`. */
export function inboxContract({ describe, it, expect }: PersistenceSuite): void {
  describe('inbox', () => {
    it('inbox: of twenty claims of one key exactly one wins', async ({ persistence }) => {
      const claim = await aClaim(persistence);
      const answers = await atOnce(20, (index) =>
        persistence.inbox.claim({ ...claim, owner: `owner ${index}` }),
      );
      expect(answers.filter(({ outcome }) => outcome === 'claimed')).toEqual([
        { outcome: 'claimed', attempt: 1 },
      ]);
      expect(answers.filter(({ outcome }) => outcome === 'in_progress')).toHaveLength(19);
      expect(answers).toContainEqual({ outcome: 'in_progress', retryAfterMs: 1_000 });
    });

    it('inbox: a lease that is over is claimed once and counts an attempt', async ({
      persistence,
    }) => {
      const { inbox } = persistence;
      const claim = await aClaim(persistence);
      await inbox.claim(claim);
      const early = { ...claim, owner: 'b', now: later(now, 400) };
      expect(await inbox.claim(early)).toEqual({ outcome: 'in_progress', retryAfterMs: 600 });
      const late = later(now, 1_001);
      const answers = await atOnce(20, (index) =>
        inbox.claim({ ...claim, owner: `late ${index}`, now: late }),
      );
      expect(answers.filter(({ outcome }) => outcome === 'claimed')).toEqual([
        { outcome: 'claimed', attempt: 2 },
      ]);
    });

    it('inbox: an owner who lost the lease can do nothing more', async ({ persistence }) => {
      const { inbox } = persistence;
      const claim = await aClaim(persistence);
      await inbox.claim(claim);
      const successor = { ...claim, owner: 'successor', now: later(now, 2_000) };
      await inbox.claim(successor);
      expect(await inbox.renew(claim, later(now, 9_000))).toBe(false);
      expect(await inbox.complete(claim, later(now, 9_000))).toBe(false);
      expect(await inbox.release(claim, { countAttempt: false })).toBe(false);
      expect(await inbox.complete(successor, later(now, 9_000))).toBe(true);
      const third = { ...claim, owner: 'third', now: later(now, 3_000) };
      expect(await inbox.claim(third)).toEqual({ outcome: 'done' });
    });

    it('inbox: renew prolongs the lease', async ({ persistence }) => {
      const { inbox } = persistence;
      const claim = await aClaim(persistence);
      await inbox.claim(claim);
      expect(await inbox.renew(claim, later(now, 5_000))).toBe(true);
      const other = { ...claim, owner: 'b', now: later(now, 4_000) };
      expect(await inbox.claim(other)).toEqual({ outcome: 'in_progress', retryAfterMs: 1_000 });
    });

    it('inbox: what is done stays done', async ({ persistence }) => {
      const { inbox } = persistence;
      const claim = await aClaim(persistence);
      await inbox.claim(claim);
      expect(await inbox.complete(claim, later(now, 60_000))).toBe(true);
      const again = await atOnce(5, () => inbox.claim({ ...claim, now: later(now, 5_000) }));
      expect(again).toEqual(again.map(() => ({ outcome: 'done' })));
      expect(await inbox.complete(claim, later(now, 60_000))).toBe(false);
      expect(await inbox.release(claim, { countAttempt: true })).toBe(false);
      expect(await inbox.renew(claim, later(now, 60_000))).toBe(false);
      expect(await inbox.claim(claim)).toEqual({ outcome: 'done' });
    });

    it('inbox: release gives back at once and may take back the attempt', async ({
      persistence,
    }) => {
      const { inbox } = persistence;
      const claim = await aClaim(persistence);
      const attempts: number[] = [];
      for (const countAttempt of [true, false, false, true]) {
        const answer = await inbox.claim(claim);
        attempts.push(answer.outcome === 'claimed' ? answer.attempt : -1);
        expect(await inbox.release(claim, { countAttempt })).toBe(true);
        expect(await inbox.release(claim, { countAttempt })).toBe(false);
      }
      expect(attempts).toEqual([1, 2, 2, 2]);
      expect(await inbox.claim(claim)).toEqual({ outcome: 'claimed', attempt: 3 });
    });

    it('inbox: find tells what became of a key', async ({ persistence }) => {
      const { inbox } = persistence;
      const claim = await aClaim(persistence);
      const { tenantId, key, installationId } = claim;
      expect(await inbox.find(tenantId, key)).toBeNull();
      await inbox.claim(claim);
      const base = { installationId, attempts: 1, keepUntil: null };
      expect(await inbox.find(tenantId, key)).toEqual({ ...base, leaseUntil: later(now, 1_000) });
      await inbox.release(claim, { countAttempt: true });
      expect(await inbox.find(tenantId, key)).toEqual({ ...base, leaseUntil: null });
      await inbox.claim(claim);
      const keepUntil = later(now, 60_000);
      await inbox.complete(claim, keepUntil);
      const done = { ...base, attempts: 2, leaseUntil: null, keepUntil };
      expect(await inbox.find(tenantId, key)).toEqual(done);
      expect(await inbox.find(uniqueId(), key)).toBeNull();
      expect(await inbox.find('nobody' as TenantId, key)).toBeNull();
    });

    it('inbox: forget forgets any state', async ({ persistence }) => {
      const { inbox } = persistence;
      const claim = await aClaim(persistence);
      await inbox.claim(claim);
      await inbox.forget(claim.tenantId, claim.key);
      expect(await inbox.complete(claim, later(now, 1))).toBe(false);
      expect(await inbox.claim(claim)).toEqual({ outcome: 'claimed', attempt: 1 });
      await inbox.complete(claim, later(now, 60_000));
      await inbox.forget(claim.tenantId, claim.key);
      await inbox.forget(claim.tenantId, 'unknown');
      expect(await inbox.claim(claim)).toEqual({ outcome: 'claimed', attempt: 1 });
    });

    it('inbox: keys of tenants do not meet', async ({ persistence }) => {
      const { inbox } = persistence;
      const claim = await aClaim(persistence);
      const foreign = { ...(await aClaim(persistence)), key: claim.key };
      await inbox.claim(claim);
      expect(await inbox.claim(foreign)).toEqual({ outcome: 'claimed', attempt: 1 });
      const stolen = { ...claim, tenantId: foreign.tenantId };
      expect(await inbox.complete(stolen, later(now, 1))).toBe(false);
      await inbox.forget(uniqueId(), claim.key);
      expect((await inbox.claim(claim)).outcome).toBe('in_progress');
    });

    it('inbox: deleteExpired forgets done keys alone, at most the limit', async ({
      persistence,
    }) => {
      const { inbox } = persistence;
      const base = await aClaim(persistence);
      const past = uniquePast();
      const keys = ['a', 'b', 'c', 'kept', 'open'];
      for (const key of keys) await inbox.claim({ ...base, key, now: later(past, -9_000) });
      for (const [index, key] of keys.slice(0, 4).entries()) {
        await inbox.complete({ ...base, key }, later(past, key === 'kept' ? 60_000 : index));
      }
      const before = later(past, 1_000);
      expect(await inbox.deleteExpired(before, 2)).toBe(2);
      while ((await inbox.deleteExpired(before, 100)) === 100);
      const claims = await Promise.all(
        keys.map((key) => inbox.claim({ ...base, key, now: later(past, -8_999) })),
      );
      expect(claims.map(({ outcome }) => outcome)).toEqual([
        ...['claimed', 'claimed', 'claimed'],
        'done',
        'in_progress',
      ]);
    });
  });
}
