import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineIntegration } from '../integration/define-integration.js';
import type { Installation } from '../installation/installation.js';
import { TenonError } from '../platform/tenon.error.js';
import { base, jobWorld } from './job-world.fixture.js';
import type { JobWorld } from './job-world.fixture.js';

const input = z.object({ n: z.number() });

/** An integration with the one job `work`. */
function withWork(run: (n: number, attempt: number) => void | Promise<void>, extra: object = {}) {
  return defineIntegration({
    ...base,
    jobs: {
      work: { input, run: (ctx) => run(ctx.input.n, ctx.job.attempt), ...extra },
    },
  });
}

function failure(code: string, options: Partial<ConstructorParameters<typeof TenonError>[0]> = {}) {
  return new TenonError({ code, category: 'provider', message: `It is ${code}`, ...options });
}

async function lastBody(world: JobWorld): Promise<string> {
  const [message] = await world.innerQueue.receive({
    ...{ queue: 'default', max: 1, waitMs: 0, visibilityMs: 1_000 },
  });
  return message!.body;
}

describe('ProcessJob when interrupted', () => {
  it('ends a handler that takes too long, counting the try', async () => {
    let aborted = false;
    const slow = defineIntegration({
      ...base,
      jobs: {
        work: {
          timeoutMs: 1_000,
          run: (ctx) =>
            new Promise<void>(() => {
              ctx.signal.addEventListener('abort', () => (aborted = true));
            }),
        },
      },
    });
    const world = await jobWorld(slow);
    await world.start(await world.addInstallation(), 'work');
    const working = world.workOne();
    await world.clock.advance(1_000);
    expect(aborted).toBe(true);
    await world.clock.advance(1_000);
    expect(await working).toEqual({ decision: 'ack', result: 'retry_later' });
  });

  it('leaves nothing of an installation that is deleted while its job is at work', async () => {
    const row = [{ sourceId: 'a', targetId: 'b' }];
    let deletion = (): Promise<unknown> => Promise.reject(new Error('Nothing to delete'));
    const slow = defineIntegration({
      ...base,
      jobs: {
        work: {
          run: async (ctx) => {
            await ctx.mappings.upsert('contact', row);
            await deletion();
            await ctx.mappings.upsert('contact', row);
          },
        },
      },
    });
    const world = await jobWorld(slow);
    const gone = await world.addInstallation();
    const kept = await world.addInstallation({ connections: {} });
    const { mappings, installations } = world.innerPersistence;
    deletion = () => installations.deleteBatch(world.tenant.id, gone.id, 100);
    const countOf = ({ id: installationId }: Installation) =>
      mappings.count({ tenantId: world.tenant.id, installationId, kind: 'contact' });
    const keptScope = { tenantId: world.tenant.id, installationId: kept.id, kind: 'contact' };
    const full = { sourceId: 'a', targetId: 'b', hash: null, state: null };
    await mappings.upsertMany(keptScope, [full], world.clock.now());
    await world.start(gone, 'work');
    expect(await world.workOne()).toMatchObject({ decision: 'retry' });
    expect(await countOf(gone)).toBe(1);
    expect(await world.settle()).toEqual(['dropped']);
    expect([await countOf(gone), await countOf(kept)]).toEqual([0, 1]);
  });

  it('releases a job at shutdown without counting the try', async () => {
    const attempts: number[] = [];
    const slow = defineIntegration({
      ...base,
      jobs: {
        work: {
          run: (ctx) => {
            attempts.push(ctx.job.attempt);
            return new Promise<void>((_, reject) => {
              ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
            });
          },
        },
      },
    });
    const world = await jobWorld(slow);
    await world.start(await world.addInstallation(), 'work');
    for (let round = 0; round < 7; round += 1) {
      const shutdown = new AbortController();
      const working = world.workOne('default', { signal: shutdown.signal });
      await world.clock.advance(0);
      shutdown.abort(new Error('stop'));
      expect(await working).toEqual({ decision: 'retry', delayMs: 0, reason: 'SHUTDOWN' });
    }
    expect(attempts).toEqual(Array.from({ length: 7 }, () => 1));
  });

  it('gives a job up that never fits into the time of its worker, and ends its run', async () => {
    let tries = 0;
    const endless = defineIntegration({
      ...base,
      jobs: {
        work: {
          run: (ctx) => {
            tries += 1;
            return new Promise<void>((_, reject) => {
              ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
            });
          },
        },
      },
    });
    const world = await jobWorld(endless);
    const run = await world.start(await world.addInstallation(), 'work');
    const outcomes: unknown[] = [];
    for (let round = 0; round < 49 && outcomes.at(-1) !== 'dead'; round += 1) {
      const limit = new AbortController();
      const working = world.workOne('default', { signal: limit.signal });
      await world.clock.advance(0);
      limit.abort(new Error('out of time'));
      const outcome = await working;
      outcomes.push(outcome?.decision === 'ack' ? outcome.result : outcome?.reason);
    }
    expect(outcomes.at(-1)).toBe('dead');
    expect(tries).toBeGreaterThan(40);
    expect(await world.run(run)).toMatchObject({ state: 'failed', error: { code: 'JOB_CRASHED' } });
  });

  it('keeps its claim while it works, and keeps nothing when it lost it', async () => {
    const seen: string[] = [];
    const slow = defineIntegration({
      ...base,
      jobs: {
        work: {
          run: async (ctx) => {
            await ctx.jobs.enqueue('other');
            await new Promise<void>((_, reject) => {
              ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason));
            });
          },
        },
        other: { run: () => void seen.push('other') },
      },
    });
    const world = await jobWorld(slow);
    await world.start(await world.addInstallation(), 'work');
    const body = await lastBody(world);
    const working = world.process(body);
    await world.clock.advance(100_000);
    expect(await world.process(body)).toMatchObject({ reason: 'JOB_IN_PROGRESS' });
    const { id } = JSON.parse(body) as { id: string };
    await world.innerPersistence.inbox.forget(world.tenant.id, id);
    await world.clock.advance(21_000);
    expect(await working).toMatchObject({ decision: 'retry', reason: 'JOB_LEASE_LOST' });
    expect((await world.innerPersistence.outbox.status()).waiting).toBe(0);
    expect(seen).toEqual([]);
  });

  it('keeps the order of FIFO queues: a failed job stays at its place', async () => {
    const seen: number[] = [];
    const work = withWork(
      (n, attempt) => {
        if (n === 1 && attempt === 1) throw new Error('once');
        seen.push(n);
      },
      { queue: 'order.fifo', retryDelayMs: 4_000 },
    );
    const world = await jobWorld(work);
    const installation = await world.addInstallation();
    await world.start(installation, 'work', { n: 1 });
    expect(await world.work('order.fifo')).toEqual(['UNEXPECTED_ERROR']);
    expect(await world.work('order.fifo')).toEqual([]);
    expect((await world.innerPersistence.outbox.status()).waiting).toBe(0);
    await world.clock.advance(4_000);
    expect(await world.work('order.fifo')).toEqual(['done']);
    expect(seen).toEqual([1]);
  });

  it('leaves the message on the queue while the database is away, and goes on afterwards', async () => {
    const away = failure('DATABASE_UNAVAILABLE', { category: 'unavailable' });
    const database = { down: false };
    let tries = 0;
    const work = withWork(() => {
      tries += 1;
      database.down = tries === 1;
    });
    const world = await jobWorld(work, {
      persistence: (inner) => ({
        ...inner,
        transaction: (change) => (database.down ? Promise.reject(away) : inner.transaction(change)),
      }),
    });
    const run = await world.start(await world.addInstallation(), 'work', { n: 1 });
    expect(await world.workOne()).toMatchObject({
      ...{ decision: 'retry', reason: 'DATABASE_UNAVAILABLE' },
    });
    database.down = false;
    await world.clock.advance(60_000);
    expect(await world.work()).toEqual(['done']);
    expect(tries).toBe(2);
    expect(await world.run(run)).toMatchObject({ state: 'succeeded', pendingJobs: 0 });
  });
});
