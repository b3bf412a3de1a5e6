import { describe, expect, it } from '@jest/globals';
import { aJobDelivery, testContext } from '@tenon/testing';
import { z } from 'zod';
import { defineIntegration } from '../integration/define-integration.js';
import { DiscardDeadLetter } from '../job/discard-dead-letter.use-case.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import { ProcessJob } from '../job/process-job.use-case.js';
import { RedriveDeadLetter } from '../job/redrive-dead-letter.use-case.js';
import { relayJobs } from '../job/relay-jobs.js';
import type { Persistence } from '../platform/persistence.port.js';
import { TenonError } from '../platform/tenon.error.js';
import { CancelRun } from './cancel-run.use-case.js';
import { GetRun } from './get-run.use-case.js';
import { ResumeRun } from './resume-run.use-case.js';

interface State {
  bad: boolean;
  checkpoints: unknown[];
  ended: unknown[];
}

function pages(state: State) {
  return defineIntegration({
    ...base,
    jobs: {
      root: {
        run: async (ctx) => {
          state.checkpoints.push(ctx.run?.checkpoint);
          ctx.run?.setCheckpoint({ at: 3 });
          for (const n of [1, 2, 3]) await ctx.jobs.enqueue('page', { n });
        },
      },
      page: {
        input: z.object({ n: z.number() }),
        run: (ctx) => {
          if (state.bad && ctx.input.n === 2) {
            throw new TenonError({ code: 'BAD', category: 'validation', message: 'Bad page' });
          }
          ctx.run?.addProgress({ processed: 1 });
        },
      },
      saver: {
        run: async (ctx) => {
          ctx.run?.addProgress({ processed: 1 });
          await ctx.run?.save();
          state.ended.push('saved');
        },
      },
      parent: {
        run: async (ctx) => {
          const first = await ctx.jobs.start('saver', undefined, { runKey: 'once' });
          const again = await ctx.jobs.start('saver', undefined, { runKey: 'once' });
          state.ended.push(first === again);
        },
      },
      big: { run: (ctx) => ctx.run?.setCheckpoint({ text: 'é'.repeat(40_000) }) },
    },
  });
}

async function setUp() {
  const state: State = { bad: true, checkpoints: [], ended: [] };
  const world = await jobWorld(pages(state));
  const installation = await world.addInstallation();
  return { state, world, installation };
}

describe('runs', () => {
  it('fail with their dead jobs, and resuming redrives exactly those', async () => {
    const { state, world, installation } = await setUp();
    const run = await world.start(installation, 'root');
    await world.work();
    expect(await world.run(run)).toMatchObject({
      ...{ state: 'failed', pendingJobs: 0, deadJobs: 1, error: { code: 'BAD' } },
    });
    state.bad = false;
    const resumed = await new ResumeRun(world.parts).execute(world.context, { runId: run.id });
    expect(resumed).toMatchObject({ state: 'running', pendingJobs: 1, deadJobs: 0, error: null });
    expect(await world.work()).toEqual(['done']);
    expect(await world.run(run)).toMatchObject({ state: 'succeeded', progress: { processed: 3 } });
    expect(await world.deadLetters()).toEqual([]);
    expect(world.eventsOf('run.finished')).toHaveLength(2);
    const again = new ResumeRun(world.parts).execute(world.context, { runId: run.id });
    await expect(again).rejects.toMatchObject({ code: 'RUN_NOT_RESUMABLE' });
  });

  it('park their jobs when cancelled, and go on with all of them when resumed', async () => {
    const { state, world, installation } = await setUp();
    state.bad = false;
    const run = await world.start(installation, 'root');
    await world.workOne();
    await world.workOne();
    const cancel = new CancelRun(world.parts);
    expect(await cancel.execute(world.context, { runId: run.id })).toMatchObject({
      ...{ state: 'cancelled', pendingJobs: 2 },
    });
    await cancel.execute(world.context, { runId: run.id });
    expect(world.eventsOf('run.finished')).toHaveLength(1);
    expect(await world.work()).toEqual(['parked', 'parked']);
    expect(await world.run(run)).toMatchObject({ state: 'cancelled', pendingJobs: 2 });
    await new ResumeRun(world.parts).execute(world.context, { runId: run.id });
    expect(await world.work()).toEqual(['done', 'done']);
    expect(await world.run(run)).toMatchObject({ state: 'succeeded', progress: { processed: 3 } });
  });

  it('begin again with their checkpoint when nothing of them is left', async () => {
    const { state, world, installation } = await setUp();
    const run = await world.start(installation, 'root');
    await world.work();
    const [letter] = await world.deadLetters();
    const discard = new DiscardDeadLetter(world.parts);
    const input = { deadLetterId: letter!.id, reason: 'not needed' };
    await discard.execute(world.context, input);
    await expect(discard.execute(world.context, input)).rejects.toMatchObject({
      code: 'DEAD_LETTER_NOT_FOUND',
    });
    expect(await world.run(run)).toMatchObject({ state: 'failed', deadJobs: 1 });
    state.bad = false;
    await new ResumeRun(world.parts).execute(world.context, { runId: run.id });
    await world.work();
    expect(state.checkpoints).toEqual([null, { at: 3 }]);
    expect(await world.run(run)).toMatchObject({ state: 'succeeded', deadJobs: 0, pendingJobs: 0 });
  });

  it('are at work again when one of their dead jobs is redriven, but not when cancelled', async () => {
    const { world, installation } = await setUp();
    const run = await world.start(installation, 'root');
    await world.work();
    const redrive = new RedriveDeadLetter(world.parts);
    const first = (await world.deadLetters())[0]!;
    const both = await Promise.allSettled([
      redrive.execute(world.context, { deadLetterId: first.id }),
      redrive.execute(world.context, { deadLetterId: first.id }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await world.run(run)).toMatchObject({ state: 'running', pendingJobs: 1, deadJobs: 0 });
    expect(await world.work()).toEqual(['dead']);
    expect(await world.run(run)).toMatchObject({ state: 'failed', pendingJobs: 0, deadJobs: 1 });
    const second = (await world.deadLetters())[0]!;
    expect(second.message.id).toBe(first.message.id);
    await world.innerPersistence.runs.update({ ...(await world.run(run)), state: 'cancelled' });
    const refused = redrive.execute(world.context, { deadLetterId: second.id });
    await expect(refused).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
    expect(await world.deadLetters()).toHaveLength(1);
  });

  it('stop a job at save() when they were cancelled meanwhile', async () => {
    const { state, world, installation } = await setUp();
    const run = await world.start(installation, 'saver');
    const { persistence } = world.parts;
    let cancelled = false;
    const cancelling: Persistence = {
      ...persistence,
      transaction: async (work) => {
        const first = !cancelled;
        cancelled = true;
        if (first) await new CancelRun(world.parts).execute(world.context, { runId: run.id });
        return persistence.transaction(work);
      },
    };
    const request = { queue: 'default', max: 1, waitMs: 0, visibilityMs: 1_000 };
    const [message] = await world.innerQueue.receive(request);
    const process = new ProcessJob({ ...world.parts, persistence: cancelling });
    const delivery = aJobDelivery(undefined, { body: message!.body });
    const outcome = await process.execute(world.app, delivery);
    expect(outcome).toEqual({ decision: 'ack', result: 'parked' });
    expect(state.ended).toEqual([]);
    expect(await world.run(run)).toMatchObject({
      ...{ state: 'cancelled', pendingJobs: 1, progress: { processed: 0 } },
    });
  });

  it('start children once per key, together with the end of their job', async () => {
    const { state, world, installation } = await setUp();
    const run = await world.start(installation, 'parent');
    await world.work();
    expect(state.ended).toEqual([true, 'saved']);
    const page = { limit: 10, after: null };
    const filter = { parentId: run.id };
    const { items } = await world.innerPersistence.runs.list(world.tenant.id, filter, page);
    expect(items).toMatchObject([{ key: 'once', state: 'succeeded', parentId: run.id }]);
  });

  it('refuse checkpoints of more than 64 KiB', async () => {
    const { world, installation } = await setUp();
    const run = await world.start(installation, 'big');
    expect(await world.work()).toEqual(['dead']);
    expect((await world.run(run)).error).toMatchObject({ code: 'CHECKPOINT_TOO_LARGE' });
  });

  it('look the same to others whether they are there or not', async () => {
    const { world, installation } = await setUp();
    const { id: runId } = await world.start(installation, 'root');
    const strangers = [testContext(), testContext({ tenantId: world.tenant.id })];
    for (const context of strangers) {
      for (const useCase of [GetRun, CancelRun, ResumeRun]) {
        const call = new useCase(world.parts).execute(context, { runId });
        await expect(call).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
      }
    }
    const poor = { ...world.context, scopes: ['users:read' as const] };
    const call = new GetRun(world.parts).execute(poor, { runId });
    await expect(call).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await world.run({ id: runId })).toMatchObject({ state: 'queued', version: 1 });
  });

  it('count a job as dead that its queue refuses, when the relay finds out', async () => {
    const state: State = { bad: false, checkpoints: [], ended: [] };
    const tooLarge = new TenonError({
      code: 'QUEUE_MESSAGE_TOO_LARGE',
      category: 'too_large',
      message: 'Too large',
    });
    const world = await jobWorld(pages(state), {
      queue: (inner) => ({
        capabilities: inner.capabilities,
        send: (queue, messages) =>
          messages.some(({ body }) => body.includes('"n":2'))
            ? Promise.reject(tooLarge)
            : inner.send(queue, messages),
        receive: (request) => inner.receive(request),
        acknowledge: (...args) => inner.acknowledge(...args),
        release: (...args) => inner.release(...args),
        extend: (...args) => inner.extend(...args),
        status: () => inner.status(),
        close: () => inner.close(),
      }),
    });
    const run = await world.start(await world.addInstallation(), 'root');
    await world.work();
    await world.clock.advance(10_000);
    await relayJobs(world.parts, 100, world.logger);
    expect(await world.run(run)).toMatchObject({ state: 'failed', deadJobs: 1, pendingJobs: 0 });
    expect((await world.deadLetters())[0]?.error.code).toBe('QUEUE_MESSAGE_TOO_LARGE');
    expect((await world.innerPersistence.outbox.status()).waiting).toBe(0);
  });
});
