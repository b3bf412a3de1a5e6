import { describe, expect, it } from '@jest/globals';
import { testContext } from '@tenon/testing';
import { defineIntegration } from '../integration/define-integration.js';
import type { Queue } from '../platform/queue.port.js';
import { TenonError } from '../platform/tenon.error.js';
import { DiscardJob } from './discard-job.use-case.js';
import { GetJob } from './get-job.use-case.js';
import type { JobId } from './job.js';
import { base, jobWorld } from './job-world.fixture.js';
import type { JobWorld } from './job-world.fixture.js';
import { ListJobs } from './list-jobs.use-case.js';
import { RetryJob } from './retry-job.use-case.js';

/** A queue that takes nothing while it is down. */
function unreliable() {
  const state = { down: true };
  const queue = (inner: Queue): Queue => ({
    ...inner,
    capabilities: inner.capabilities,
    receive: (request) => inner.receive(request),
    acknowledge: (name, messages) => inner.acknowledge(name, messages),
    release: (name, messages, delayMs) => inner.release(name, messages, delayMs),
    extend: (name, messages, ms) => inner.extend(name, messages, ms),
    status: () => inner.status(),
    close: () => inner.close(),
    send: (name, messages) =>
      state.down
        ? Promise.reject(
            new TenonError({ code: 'QUEUE_SEND_FAILED', category: 'unavailable', message: 'down' }),
          )
        : inner.send(name, messages),
  });
  return { state, queue };
}

interface Work {
  fails?: TenonError | null;
  calls: number;
}

async function aWorld(options: { readonly down?: boolean } = {}) {
  const work: Work = { calls: 0 };
  const integration = defineIntegration({
    ...base,
    jobs: {
      work: {
        maxAttempts: 1,
        run: () => {
          work.calls += 1;
          if (work.fails) throw work.fails;
        },
      },
    },
  });
  const { state, queue } = unreliable();
  state.down = options.down ?? false;
  const world = await jobWorld(integration, { queue });
  const installation = await world.addInstallation();
  const run = await world.start(installation, 'work');
  return { world, work, queue: state, installation, run };
}

const list = (world: JobWorld, input: Parameters<ListJobs['execute']>[1] = {}) =>
  new ListJobs(world.parts).execute(world.context, input);
const get = (world: JobWorld, jobId: JobId) =>
  new GetJob(world.parts).execute(world.context, { jobId });
const retry = (world: JobWorld, jobId: JobId) =>
  new RetryJob(world.parts).execute(world.context, { jobId });
const discard = (world: JobWorld, jobId: JobId, reason = 'a test') =>
  new DiscardJob(world.parts).execute(world.context, { jobId, reason });

async function onlyWaiting(world: JobWorld): Promise<JobId> {
  const { items } = await list(world);
  expect(items).toHaveLength(1);
  return items[0]!.id;
}

async function onlyDead(world: JobWorld): Promise<JobId> {
  return (await world.deadLetters())[0]!.message.id;
}

const broken = new TenonError({ code: 'BROKEN', category: 'provider', message: 'It is broken' });

describe('jobs at hand', () => {
  it('a job that its queue did not take waits, and goes now when somebody asks', async () => {
    const { world, work, queue, run } = await aWorld({ down: true });
    const id = await onlyWaiting(world);
    const view = await get(world, id);
    expect(view).toMatchObject({
      ...{ state: 'waiting', runId: run.id, job: 'work', queue: 'default', attempts: 0 },
    });
    expect(view.availableAt).toBeInstanceOf(Date);
    queue.down = false;
    await retry(world, id);
    expect((await list(world)).items).toEqual([]);
    expect(await world.work()).toEqual(['done']);
    expect(work.calls).toBe(1);
    expect(await get(world, id)).toMatchObject({ state: 'done', job: null, attempts: 1 });
    for (const act of [retry, discard]) {
      await expect(act(world, id)).rejects.toMatchObject({ code: 'JOB_OUT_OF_REACH' });
    }
  });

  it('a waiting job that is discarded never runs, not even when it was just sent, and its run fails', async () => {
    const { world, work, queue, run } = await aWorld({ down: true });
    const id = await onlyWaiting(world);
    const page = { limit: 10, after: null };
    const [job] = (await world.innerPersistence.outbox.list(world.tenant.id, {}, page)).items;
    await discard(world, id);
    queue.down = false;
    // A relay that had taken it before sends it now.
    await world.innerQueue.send('default', [{ body: JSON.stringify(job!.message) }]);
    expect(await world.settle()).toEqual(['duplicate']);
    expect(work.calls).toBe(0);
    expect(await world.run(run)).toMatchObject({
      state: 'failed',
      error: { code: 'JOB_DISCARDED', message: 'The job was discarded: a test' },
    });
  });

  it('a dead job is listed with its error, and runs again with fresh attempts', async () => {
    const { world, work, run, installation } = await aWorld();
    work.fails = broken;
    expect(await world.work()).toEqual(['dead']);
    const id = await onlyDead(world);
    const dead = await list(world, { state: 'dead', installationId: installation.id });
    expect(dead.items).toMatchObject([{ id, state: 'dead', attempts: 1, reason: 'failed' }]);
    expect(dead.items[0]?.error?.code).toBe('BROKEN');
    expect((await list(world, { state: 'parked' })).items).toEqual([]);
    work.fails = null;
    await retry(world, id);
    expect(await world.work()).toEqual(['done']);
    expect(await world.run(run)).toMatchObject({ state: 'succeeded' });
  });

  it('a parked job is discarded for its run, which fails', async () => {
    const { world, run, installation } = await aWorld();
    await world.innerPersistence.installations.update({ ...installation, status: 'disabled' });
    expect(await world.work()).toEqual(['parked']);
    const [parked] = (await list(world, { state: 'parked' })).items;
    expect(parked).toMatchObject({ state: 'parked', reason: 'installation_disabled' });
    await discard(world, parked!.id);
    expect(await world.run(run)).toMatchObject({ state: 'failed', pendingJobs: 0, deadJobs: 1 });
    await expect(discard(world, parked!.id)).rejects.toMatchObject({ code: 'JOB_OUT_OF_REACH' });
  });

  it('a job at work is out of reach', async () => {
    const { world, installation } = await aWorld();
    const [message] = await world.innerQueue.receive({
      ...{ queue: 'default', max: 1, waitMs: 0, visibilityMs: 1_000 },
    });
    const { id } = JSON.parse(message!.body) as { id: JobId };
    await expect(get(world, id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    const claim = { tenantId: world.tenant.id, installationId: installation.id, key: id };
    const now = world.clock.now();
    await world.innerPersistence.inbox.claim({ ...claim, owner: 'o', leaseMs: 1_000, now });
    expect(await get(world, id)).toMatchObject({ state: 'working', attempts: 1 });
    await expect(retry(world, id)).rejects.toMatchObject({ code: 'JOB_OUT_OF_REACH' });
    await world.innerPersistence.inbox.release({ ...claim, owner: 'o' }, { countAttempt: true });
    expect(await get(world, id)).toMatchObject({ state: 'queued', attempts: 1 });
    await expect(discard(world, id)).rejects.toThrow('is on its queue');
  });

  it('is not seen by others, and needs scopes and a reason', async () => {
    const { world } = await aWorld({ down: true });
    const id = await onlyWaiting(world);
    const own = { ...testContext({ tenantId: world.tenant.id }), visibility: 'own' as const };
    expect((await new ListJobs(world.parts).execute(own, {})).items).toEqual([]);
    const others = new GetJob(world.parts).execute(own, { jobId: id });
    await expect(others).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    const stranger = new GetJob(world.parts).execute(testContext(), { jobId: id });
    await expect(stranger).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(discard(world, id, ' ')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    const reader = { ...world.context, scopes: ['runs:read'] as const };
    const attempt = new RetryJob(world.parts).execute(reader, { jobId: id });
    await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
