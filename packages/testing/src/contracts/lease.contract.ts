import type { Lease } from '@tenon/core';
import { uniqueName } from '../fixtures/unique.js';
import { atOnce, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';

const now = new Date('2026-05-06T07:08:09.123Z');

/** Tests of `LeaseRepository`. */
export function leaseContract({ describe, it, expect }: PersistenceSuite): void {
  const isLease = (lease: Lease | null): lease is Lease => lease !== null;

  describe('leases', () => {
    it('leases: of twenty owners exactly one acquires', async ({ persistence: { leases } }) => {
      const key = uniqueName(`it's "ä😀"`);
      const answers = await atOnce(20, (index) =>
        leases.acquire({ key, owner: `owner ${index}`, ttlMs: 1_000, now }),
      );
      const won = answers.filter(isLease);
      expect(won).toHaveLength(1);
      expect(won[0]).toEqual({
        key,
        owner: `owner ${answers.findIndex(isLease)}`,
        fence: won[0]?.fence,
        expiresAt: later(now, 1_000),
      });
      expect(Number.isSafeInteger(won[0]?.fence)).toBe(true);
    });

    it('leases: an expired lease is acquired once, with a higher fence', async ({
      persistence: { leases },
    }) => {
      const key = uniqueName('lease');
      const first = (await leases.acquire({ key, owner: 'a', ttlMs: 1_000, now }))!;
      const early = { key, owner: 'b', ttlMs: 1_000, now: later(now, 999) };
      expect(await leases.acquire(early)).toBeNull();
      const answers = await atOnce(20, (index) =>
        leases.acquire({ key, owner: `late ${index}`, ttlMs: 1_000, now: later(now, 1_001) }),
      );
      const won = answers.filter(isLease);
      expect(won).toHaveLength(1);
      expect(won[0]!.fence).toBeGreaterThan(first.fence);
      // The first holder is fenced off.
      expect(await leases.renew(first, 60_000, later(now, 1_002))).toBeNull();
      await leases.release(first);
      const other = { key, owner: 'x', ttlMs: 1_000, now: later(now, 1_003) };
      expect(await leases.acquire(other)).toBeNull();
    });

    it('leases: renew prolongs for the holder alone', async ({ persistence: { leases } }) => {
      const key = uniqueName('lease');
      const lease = (await leases.acquire({ key, owner: 'a', ttlMs: 1_000, now }))!;
      const renewed = await leases.renew(lease, 5_000, later(now, 500));
      expect(renewed).toEqual({ ...lease, expiresAt: later(now, 5_500) });
      const taken = { key, owner: 'b', ttlMs: 1_000, now: later(now, 5_000) };
      expect(await leases.acquire(taken)).toBeNull();
      const impostors = [
        { ...lease, owner: 'b' },
        { ...lease, fence: lease.fence + 1 },
        { ...lease, key: uniqueName('unknown') },
      ];
      for (const impostor of impostors) {
        expect(await leases.renew(impostor, 5_000, later(now, 500))).toBeNull();
        await leases.release(impostor);
      }
      expect(await leases.acquire(taken)).toBeNull();
    });

    it('leases: release frees at once and the fence keeps growing', async ({
      persistence: { leases },
    }) => {
      const key = uniqueName('lease');
      const fences: number[] = [];
      for (let index = 0; index < 5; index += 1) {
        const lease = await leases.acquire({ key, owner: `owner ${index}`, ttlMs: 60_000, now });
        fences.push(lease!.fence);
        await leases.release(lease!);
        await leases.release(lease!);
        expect(await leases.renew(lease!, 1_000, now)).toBeNull();
      }
      expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
    });

    it('leases: keys do not meet', async ({ persistence: { leases } }) => {
      const keys = [uniqueName('lease'), uniqueName('lease')];
      const held = await Promise.all(
        keys.map((key) => leases.acquire({ key, owner: 'same', ttlMs: 1_000, now })),
      );
      expect(held.filter(isLease)).toHaveLength(2);
    });
  });
}
