import { decodeCursor } from '@tenon/core';
import type {
  InstallationId,
  JobId,
  JsonValue,
  OutboxFilter,
  OutboxRepository,
  OutgoingJob,
} from '@tenon/core';
import { aJobMessage, anOutgoingJob } from '../fixtures/jobs.js';
import { uniqueId, uniquePast } from '../fixtures/unique.js';
import { atOnce, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

/** Jobs of this test alone: other tests write at other times. */
function jobs(count: number): OutgoingJob[] {
  return Array.from({ length: count }, () => anOutgoingJob());
}

function idsOf(list: readonly OutgoingJob[]): string[] {
  return list.map(({ id }) => id);
}

async function cleanUp(outbox: OutboxRepository, ...lists: OutgoingJob[][]): Promise<void> {
  await outbox.remove(lists.flat().map(({ id }) => id));
}

/** Tests of `OutboxRepository`. */
export function outboxContract({ describe, it, expect }: PersistenceSuite): void {
  describe('outbox', () => {
    it('outbox: take answers every field', async ({ persistence: { outbox } }) => {
      const at = uniquePast();
      const message = aJobMessage({
        runId: uniqueId(),
        input: { page: 1, text: `it's "😀"` },
        key: 'k',
        deferrals: 3,
      });
      const full = {
        ...anOutgoingJob(),
        message,
        queue: 'bulk.fifo',
        delayMs: 86_400_000,
        groupId: 'g/1',
      };
      const plain = anOutgoingJob();
      await outbox.add([full, plain], at, at);
      const taken = await outbox.take(10, at, later(at, 60_000));
      expect(taken).toEqual(expect.arrayContaining([full, plain]));
      expect(taken).toHaveLength(2);
      await cleanUp(outbox, [full, plain]);
      await outbox.add([], at, at);
      expect(await outbox.take(10, later(at, 60_001), later(at, 120_000))).toEqual([]);
    });

    it('outbox: entries wait until they are available, the oldest first', async ({
      persistence: { outbox },
    }) => {
      const at = uniquePast();
      const [first, second, third] = [jobs(2), jobs(2), jobs(2)];
      await outbox.add(second, later(at, 20), later(at, 10));
      await outbox.add(first, later(at, 10), at);
      await outbox.add(third, later(at, 9_000), later(at, 20));
      const hidden = later(at, 60_000);
      expect(await outbox.take(10, later(at, 9), hidden)).toEqual([]);
      const taken = idsOf(await outbox.take(3, later(at, 20), hidden));
      expect(taken).toHaveLength(3);
      const due = new Set(idsOf([...first, ...second]));
      expect(taken.every((id) => due.has(id))).toBe(true);
      const rest = idsOf(await outbox.take(10, later(at, 20), hidden));
      expect([...taken, ...rest].sort()).toEqual([...due].sort());
      expect(idsOf(await outbox.take(10, later(at, 9_000), hidden)).sort()).toEqual(
        idsOf(third).sort(),
      );
      await cleanUp(outbox, first, second, third);
    });

    it('outbox: the oldest go first', async ({ persistence: { outbox } }) => {
      const at = uniquePast();
      const entries = jobs(5);
      for (const [index, job] of entries.entries()) {
        await outbox.add([job], later(at, index), later(at, index));
      }
      const now = later(at, 1_000);
      const taken = [
        ...(await outbox.take(2, now, later(at, 60_000))),
        ...(await outbox.take(3, now, later(at, 60_000))),
      ];
      expect(idsOf(taken)).toEqual(idsOf(entries));
      await cleanUp(outbox, entries);
    });

    it('outbox: relays take disjoint entries', async ({ persistence: { outbox } }) => {
      const at = uniquePast();
      const entries = jobs(100);
      await outbox.add(entries, at, at);
      const taken: string[] = [];
      await atOnce(5, async () => {
        for (;;) {
          const batch = await outbox.take(7, at, later(at, 60_000));
          taken.push(...idsOf(batch));
          if (batch.length === 0) break;
        }
      });
      // A relay may find the rows of another one locked and stop early; what is left is taken now.
      taken.push(...idsOf(await outbox.take(200, at, later(at, 60_000))));
      expect(taken.sort()).toEqual(idsOf(entries).sort());
      await cleanUp(outbox, entries);
    });

    it('outbox: what a relay took and did not remove shows again', async ({
      persistence: { outbox },
    }) => {
      const at = uniquePast();
      const entries = jobs(3);
      await outbox.add(entries, at, at);
      expect(await outbox.take(10, at, later(at, 1_000))).toHaveLength(3);
      expect(await outbox.take(10, later(at, 999), later(at, 2_000))).toEqual([]);
      await outbox.remove([entries[0]!.id, uniqueId()]);
      const again = await outbox.take(10, later(at, 1_000), later(at, 2_000));
      expect(idsOf(again).sort()).toEqual(idsOf(entries.slice(1)).sort());
      await cleanUp(outbox, entries);
      expect(await outbox.take(10, later(at, 3_000), later(at, 4_000))).toEqual([]);
    });

    it('outbox: a job may be handed over twice, and removing one hand-over leaves the other', async ({
      persistence: { outbox },
    }) => {
      const at = uniquePast();
      const first = anOutgoingJob();
      const second = anOutgoingJob({ message: first.message });
      await outbox.add([first], at, at);
      await outbox.add([second], at, at);
      await outbox.remove([first.id]);
      expect(await outbox.take(10, at, later(at, 1_000))).toEqual([second]);
      await cleanUp(outbox, [second]);
    });

    it('outbox: list answers what waits of a tenant, the newest first', async ({ persistence }) => {
      const { outbox } = persistence;
      const world = await World.create(persistence);
      const [mine, other] = [await world.addInstallation(), await world.addInstallation()];
      const at = uniquePast();
      const { tenantId } = mine;
      const jobOf = (installationId: InstallationId, input: JsonValue = null): OutgoingJob =>
        anOutgoingJob({ message: aJobMessage({ tenantId, installationId, input }) });
      const first = jobOf(mine.id);
      // What an input says is not what a job is.
      const misleading = { id: first.message.id, installationId: mine.id };
      const second = jobOf(other.id, misleading);
      const third = { ...jobOf(mine.id), groupId: 'g', delayMs: 7, queue: 'bulk' };
      const foreign = jobs(1);
      for (const [index, job] of [first, second, third, ...foreign].entries()) {
        await outbox.add([job], later(at, 60_000), later(at, index));
      }
      const list = async (filter: OutboxFilter, limit = 10) =>
        outbox.list(tenantId, filter, { limit, after: null });
      const [newest] = (await list({}, 1)).items;
      expect(newest).toEqual({ ...third, availableAt: later(at, 60_000), createdAt: later(at, 2) });
      const page = await list({}, 2);
      expect(idsOf(page.items)).toEqual(idsOf([third, second]));
      const rest = { limit: 2, after: decodeCursor(page.nextCursor!) };
      expect(idsOf((await outbox.list(tenantId, {}, rest)).items)).toEqual([first.id]);
      const found = async (filter: OutboxFilter) => idsOf((await list(filter)).items);
      expect(await found({ installationId: mine.id })).toEqual(idsOf([third, first]));
      expect(await found({ jobId: first.message.id })).toEqual([first.id]);
      expect(await found({ jobId: uniqueId() })).toEqual([]);
      expect(await found({ jobId: 'none' as JobId })).toEqual([]);
      expect(await found({ userId: mine.userId })).toHaveLength(3);
      const own = { userId: mine.userId, installationId: other.id };
      expect(await found(own)).toEqual([second.id]);
      expect(await found({ userId: uniqueId() })).toEqual([]);
      await cleanUp(outbox, [first, second, third], foreign);
    });

    it('outbox: status counts and tells the age', async ({ persistence: { outbox } }) => {
      const at = new Date(Date.UTC(1971, 0, 1));
      const entries = jobs(3);
      const before = await outbox.status();
      await outbox.add(entries, later(at, 60_000), at);
      const during = await outbox.status();
      expect(during.waiting).toBeGreaterThanOrEqual(3);
      expect(during.oldestAt).toEqual(at);
      await cleanUp(outbox, entries);
      const after = await outbox.status();
      expect(after.oldestAt).not.toEqual(at);
      expect(after.waiting - before.waiting).toBeLessThan(3);
    });
  });
}
