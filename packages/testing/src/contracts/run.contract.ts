import type { Run, RunAdvance, RunId } from '@tenon/core';
import { aRun } from '../fixtures/entities.js';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, codeOf, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** Tests of `RunRepository`. */
export function runContract({ describe, it, expect }: PersistenceSuite): void {
  describe('runs', () => {
    it('runs: insert keeps every field', async ({ persistence }) => {
      const world = await World.create(persistence);
      const scope = scopeOf(await world.addInstallation());
      const parent = aRun(scope);
      const full = aRun({
        ...scope,
        input: { since: null, ids: [1, 2] },
        parentId: parent.id,
        key: 'nightly/2026-01-01',
        state: 'failed',
        progress: {
          total: 9_007_199_254_740_991,
          processed: 4,
          succeeded: 1,
          failed: 2,
          skipped: 1,
        },
        checkpoint: { cursor: 'abc', nested: [{ page: 2 }] },
        pendingJobs: 3,
        deadJobs: 2,
        error: { code: 'X', message: 'failed' },
        result: { link: 'x' },
        startedAt: at,
        finishedAt: later(at, 1),
      });
      for (const run of [parent, full]) {
        await persistence.runs.insert(run);
        expect(await persistence.runs.find(world.tenantId, run.id)).toEqual(run);
      }
      const { installationId } = scope;
      expect(await persistence.runs.findByKey(world.tenantId, installationId, full.key!)).toEqual(
        full,
      );
      expect(await persistence.runs.findByKey(world.tenantId, installationId, 'x')).toBeNull();
    });

    it('runs: a key is unique in its installation', async ({ persistence }) => {
      const world = await World.create(persistence);
      const [one, two] = [await world.addInstallation(), await world.addInstallation()];
      await world.addRun(two, { key: 'k' });
      const codes = await atOnce(20, () => codeOf(world.addRun(one, { key: 'k' })));
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'UNIQUE_CONFLICT')).toHaveLength(19);
      await expect(world.addRun(one, { key: 'k' })).rejects.toMatchObject({
        details: { key: 'key' },
      });
      await atOnce(2, () => world.addRun(one, { key: null }));
    });

    it('runs: update compares the version', async ({ persistence }) => {
      const world = await World.create(persistence);
      const run = await world.addRun(await world.addInstallation(), { checkpoint: { page: 1 } });
      const next: Run = { ...run, state: 'cancelled', finishedAt: at, checkpoint: null };
      const codes = await atOnce(20, () => codeOf(persistence.runs.update(next)));
      expect(codes.filter((code) => code === 'VERSION_CONFLICT')).toHaveLength(19);
      expect(await persistence.runs.find(world.tenantId, run.id)).toEqual({ ...next, version: 2 });
    });

    it('runs: list filters by installation, state, parent and user', async ({ persistence }) => {
      const world = await World.create(persistence);
      const other = await world.addUser();
      const one = await world.addInstallation();
      const two = await world.addInstallation({ userId: other.id });
      const a = await world.addRun(one);
      const b = await world.addRun(one, { parentId: a.id, state: 'running' });
      const c = await world.addRun(two, { state: 'running' });
      const { runs } = persistence;
      const list = async (filter: Parameters<typeof runs.list>[1]): Promise<RunId[]> =>
        (await runs.list(world.tenantId, filter, firstPage)).items.map(({ id }) => id).sort();
      expect(await list({})).toEqual([a.id, b.id, c.id].sort());
      expect(await list({ installationId: one.id })).toEqual([a.id, b.id].sort());
      expect(await list({ state: 'running' })).toEqual([b.id, c.id].sort());
      expect(await list({ parentId: a.id })).toEqual([b.id]);
      expect(await list({ userId: other.id })).toEqual([c.id]);
      expect(await list({ userId: world.user.id, state: 'running' })).toEqual([b.id]);
      expect(await list({ userId: uniqueId() })).toEqual([]);
    });
  });
}

/** Tests of `RunRepository.advance`. */
export function runAdvanceContract({ describe, it, expect }: PersistenceSuite): void {
  describe('runs, advance', () => {
    it('runs: the first advance starts the run', async ({ persistence }) => {
      const world = await World.create(persistence);
      const run = await world.addRun(await world.addInstallation());
      const change: RunAdvance = {
        progress: { total: 10, processed: 2, succeeded: 1, failed: 1 },
        checkpoint: { page: 2 },
        pendingJobs: 3,
        at,
      };
      const answered = await persistence.runs.advance(world.tenantId, run.id, change);
      expect(answered).toEqual({
        ...run,
        state: 'running',
        progress: { total: 10, processed: 2, succeeded: 1, failed: 1, skipped: 0 },
        checkpoint: { page: 2 },
        pendingJobs: 4,
        startedAt: at,
        updatedAt: at,
        version: answered?.version,
      });
      expect(await persistence.runs.find(world.tenantId, run.id)).toEqual(answered);
      expect(await persistence.runs.advance(world.tenantId, uniqueId(), change)).toBeNull();
      expect(await persistence.runs.advance(world.tenantId, 'x' as RunId, change)).toBeNull();
    });

    it('runs: absent members change nothing, null replaces', async ({ persistence }) => {
      const world = await World.create(persistence);
      const run = await world.addRun(await world.addInstallation(), {
        state: 'running',
        startedAt: at,
        checkpoint: { page: 1 },
        result: { a: 1 },
        progress: { total: 5, processed: 1, succeeded: 1, failed: 0, skipped: 0 },
        error: { code: 'FIRST', message: 'first' },
      });
      const { runs } = persistence;
      const kept = await runs.advance(world.tenantId, run.id, { at: later(at, 1) });
      const { version, updatedAt, ...unchanged } = run;
      expect(kept).toMatchObject(unchanged);
      const change = {
        checkpoint: null,
        result: null,
        error: { code: 'SECOND', message: 'second' },
        at: later(at, 2),
      };
      expect(await runs.advance(world.tenantId, run.id, change)).toMatchObject({
        checkpoint: null,
        result: null,
        error: { code: 'FIRST' },
        startedAt: at,
        progress: run.progress,
      });
    });

    it('runs: fifty parallel advances keep exact sums and settle once', async ({ persistence }) => {
      const world = await World.create(persistence);
      const jobs = 50;
      const run = await world.addRun(await world.addInstallation(), { pendingJobs: jobs });
      const answers = await atOnce(jobs, (index) =>
        persistence.runs.advance(world.tenantId, run.id, {
          progress: { processed: index, succeeded: 1, skipped: 2 },
          pendingJobs: -1,
          at: later(at, index),
        }),
      );
      const settled = answers.filter((answer) => answer?.state === 'succeeded');
      expect(settled).toHaveLength(1);
      const found = await persistence.runs.find(world.tenantId, run.id);
      expect(found).toEqual(settled[0]);
      expect(found).toMatchObject({
        pendingJobs: 0,
        progress: { processed: (jobs * (jobs - 1)) / 2, succeeded: jobs, failed: 0, skipped: 100 },
      });
      expect(found?.finishedAt).toEqual(found?.updatedAt);
      const pending = answers.map((answer) => answer?.pendingJobs).sort((a, b) => a! - b!);
      expect(pending).toEqual(Array.from({ length: jobs }, (_, index) => index));
    });

    it('runs: a run with dead jobs fails at its end', async ({ persistence }) => {
      const world = await World.create(persistence);
      const run = await world.addRun(await world.addInstallation(), { pendingJobs: 2 });
      const { runs } = persistence;
      const error = { code: 'SINK_REFUSED', message: 'no' };
      const first = await runs.advance(world.tenantId, run.id, {
        pendingJobs: -1,
        deadJobs: 1,
        error,
        at,
      });
      expect(first).toMatchObject({ state: 'running', deadJobs: 1, finishedAt: null, error });
      const last = { pendingJobs: -1, at: later(at, 9) };
      expect(await runs.advance(world.tenantId, run.id, last)).toMatchObject({
        state: 'failed',
        finishedAt: later(at, 9),
        error,
      });
    });

    it('runs: jobs enqueued in the same advance keep the run alive', async ({ persistence }) => {
      const world = await World.create(persistence);
      const run = await world.addRun(await world.addInstallation());
      const { runs } = persistence;
      const passOn = { pendingJobs: 1 - 1, at };
      expect(await runs.advance(world.tenantId, run.id, passOn)).toMatchObject({
        state: 'running',
        pendingJobs: 1,
        finishedAt: null,
      });
    });

    it('runs: a cancelled run stays cancelled, its counts move', async ({ persistence }) => {
      const world = await World.create(persistence);
      const run = await world.addRun(await world.addInstallation(), {
        state: 'cancelled',
        pendingJobs: 2,
        finishedAt: at,
      });
      const { runs } = persistence;
      const change = { progress: { processed: 5 }, pendingJobs: -1, at: later(at, 3) };
      for (const pendingJobs of [1, 0]) {
        const answered = await runs.advance(world.tenantId, run.id, change);
        expect(answered).toMatchObject({ state: 'cancelled', pendingJobs, finishedAt: at });
      }
      const found = await runs.find(world.tenantId, run.id);
      expect(found).toMatchObject({ state: 'cancelled', progress: { processed: 10 } });
    });

    it('runs: an update from before an advance does not undo it', async ({ persistence }) => {
      const world = await World.create(persistence);
      const stale = await world.addRun(await world.addInstallation());
      const { runs } = persistence;
      await runs.advance(world.tenantId, stale.id, { progress: { processed: 3 }, at });
      expect(await codeOf(runs.update({ ...stale, state: 'cancelled' }))).toBe('VERSION_CONFLICT');
      expect((await runs.find(world.tenantId, stale.id))?.progress.processed).toBe(3);
    });
  });
}
