import type { DeadLetter, DeadLetterFilter } from '@tenon/core';
import { aDeadLetter, aJobMessage } from '../fixtures/jobs.js';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** Tests of `DeadLetterRepository`. */
export function deadLetterContract({ describe, it, expect }: PersistenceSuite): void {
  const idsOf = (list: readonly DeadLetter[]): string[] => list.map(({ id }) => id);

  describe('deadLetters', () => {
    it('deadLetters: insert keeps every field', async ({ persistence }) => {
      const world = await World.create(persistence);
      const scope = scopeOf(await world.addInstallation());
      const runId = uniqueId<NonNullable<DeadLetter['runId']>>();
      const full = aDeadLetter({
        ...scope,
        runId,
        groupId: 'group',
        queue: 'bulk.fifo',
        reason: 'needs_reauthorization',
        message: aJobMessage({ ...scope, runId, input: [1, { a: null }], key: 'k' }),
      });
      for (const deadLetter of [full, aDeadLetter(scope)]) {
        await persistence.deadLetters.insert(deadLetter);
        const found = await persistence.deadLetters.find(world.tenantId, deadLetter.id);
        expect(found).toEqual(deadLetter);
      }
    });

    it('deadLetters: list and take filter alike', async ({ persistence }) => {
      const world = await World.create(persistence);
      const other = await world.addUser();
      const one = await world.addInstallation();
      const two = await world.addInstallation({ userId: other.id });
      const runId = uniqueId<NonNullable<DeadLetter['runId']>>();
      const a = await world.addDeadLetter(one, { runId, createdAt: at });
      const b = await world.addDeadLetter(one, { reason: 'cancelled', createdAt: later(at, 1) });
      const c = await world.addDeadLetter(two, {
        reason: 'installation_disabled',
        createdAt: later(at, 2),
      });
      const cases: [DeadLetterFilter, DeadLetter[]][] = [
        [{ installationId: two.id }, [c]],
        [{ runId }, [a]],
        [{ reasons: ['failed', 'cancelled'] }, [b, a]],
        [{ reasons: [] }, []],
        [{ userId: other.id }, [c]],
        [{ userId: world.user.id, reasons: ['cancelled'] }, [b]],
        [{ runId: uniqueId() }, []],
        [{}, [c, b, a]],
      ];
      const { deadLetters } = persistence;
      for (const [filter, expected] of cases) {
        const page = await deadLetters.list(world.tenantId, filter, firstPage);
        expect(idsOf(page.items)).toEqual(idsOf(expected));
        const taken = await deadLetters.take(world.tenantId, filter, 10);
        expect([...taken].sort((x, y) => y.createdAt.getTime() - x.createdAt.getTime())).toEqual(
          expected,
        );
        for (const each of expected) await deadLetters.insert(each);
      }
    });

    it('deadLetters: take answers the oldest and removes them', async ({ persistence }) => {
      const world = await World.create(persistence);
      const installation = await world.addInstallation();
      const rows = await atOnce(5, (index) =>
        world.addDeadLetter(installation, { createdAt: later(at, index) }),
      );
      const { deadLetters } = persistence;
      const taken = await deadLetters.take(world.tenantId, {}, 2);
      expect(idsOf(taken).sort()).toEqual(idsOf(rows.slice(0, 2)).sort());
      expect(await deadLetters.find(world.tenantId, rows[0]!.id)).toBeNull();
      const left = await deadLetters.list(world.tenantId, {}, firstPage);
      expect(idsOf(left.items)).toEqual(idsOf([rows[4]!, rows[3]!, rows[2]!]));
    });

    it('deadLetters: parallel takers never get the same one', async ({ persistence }) => {
      const world = await World.create(persistence);
      const installation = await world.addInstallation();
      const rows = await atOnce(40, () => world.addDeadLetter(installation));
      const taken: string[] = [];
      const take = async (): Promise<number> => {
        const batch = await persistence.deadLetters.take(world.tenantId, {}, 3);
        taken.push(...idsOf(batch));
        return batch.length;
      };
      await atOnce(5, async () => {
        while ((await take()) > 0);
      });
      while ((await take()) > 0);
      expect(taken.sort()).toEqual(idsOf(rows).sort());
    });

    it('deadLetters: listParked walks the installations of all tenants by id', async ({
      persistence,
    }) => {
      const worlds = await atOnce(3, () => World.create(persistence));
      const { deadLetters } = persistence;
      // Long ago, so that other tests have none as old.
      const old = new Date('2001-02-03T04:05:06.789Z');
      const parked: string[] = [];
      for (const world of [...worlds, ...worlds]) {
        const installation = await world.addInstallation();
        parked.push(installation.id);
        for (const reason of ['installation_disabled', 'needs_reauthorization'] as const) {
          await world.addDeadLetter(installation, { reason, createdAt: old });
        }
        const other = await world.addInstallation();
        await world.addDeadLetter(other, { reason: 'failed', createdAt: old });
        await world.addDeadLetter(other, { reason: 'cancelled', createdAt: old });
        await world.addDeadLetter(other, { reason: 'installation_disabled' });
      }
      const before = later(old, 1);
      const seen: string[] = [];
      let page = await deadLetters.listParked(before, null, 4);
      while (page.length > 0) {
        expect(page.length).toBeLessThanOrEqual(4);
        seen.push(...page.map(({ installationId }) => installationId));
        page = await deadLetters.listParked(before, page.at(-1)!.installationId, 4);
      }
      expect(seen).toEqual(parked.sort());
      const [first] = await deadLetters.listParked(before, null, 1);
      expect(worlds.map(({ tenantId }) => tenantId)).toContain(first?.tenantId);
      expect(await deadLetters.listParked(old, null, 10)).toEqual([]);
    });

    it('deadLetters: delete answers whether there was one', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { id } = await world.addDeadLetter(await world.addInstallation());
      const { deadLetters } = persistence;
      expect(await deadLetters.delete(world.tenantId, id)).toBe(true);
      expect(await deadLetters.delete(world.tenantId, id)).toBe(false);
      expect(await deadLetters.delete(world.tenantId, 'x' as typeof id)).toBe(false);
    });
  });
}
