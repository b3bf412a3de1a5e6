import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Sweep } from '../app/sweep.use-case.js';
import { connectionNeedsReauthorization } from '../connection/connection.errors.js';
import { defineIntegration } from '../integration/define-integration.js';
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

describe('ProcessJob', () => {
  it('runs a job once and ends its run', async () => {
    const seen: number[] = [];
    const world = await jobWorld(withWork((n) => void seen.push(n)));
    const run = await world.start(await world.addInstallation(), 'work', { n: 7 });
    expect(await world.work()).toEqual(['done']);
    expect(seen).toEqual([7]);
    expect(await world.run(run)).toMatchObject({ state: 'succeeded', pendingJobs: 0 });
    expect(world.eventsOf('run.finished')).toHaveLength(1);
    expect((await world.innerPersistence.outbox.status()).waiting).toBe(0);
  });

  it('acknowledges a duplicate without running it', async () => {
    let calls = 0;
    const world = await jobWorld(withWork(() => void (calls += 1)));
    await world.start(await world.addInstallation(), 'work', { n: 1 });
    const body = await lastBody(world);
    expect(await world.process(body)).toEqual({ decision: 'ack', result: 'done' });
    expect(await world.process(body)).toEqual({ decision: 'ack', result: 'duplicate' });
    expect(calls).toBe(1);
  });

  it('leaves a job alone that another worker is at', async () => {
    let release = (): void => undefined;
    const world = await jobWorld(withWork(() => new Promise((resolve) => (release = resolve))));
    await world.start(await world.addInstallation(), 'work', { n: 1 });
    const body = await lastBody(world);
    const first = world.process(body);
    await world.clock.advance(0);
    expect(await world.process(body)).toMatchObject({
      decision: 'retry',
      reason: 'JOB_IN_PROGRESS',
    });
    release();
    expect(await first).toMatchObject({ result: 'done' });
  });

  it('leaves malformed messages to the queue and does not log them', async () => {
    const world = await jobWorld(withWork(() => undefined));
    for (const body of ['canary-text', '{"canary":1}', 'null', '[]']) {
      expect(await world.process(body)).toMatchObject({
        ...{ decision: 'retry', reason: 'JOB_MESSAGE_INVALID' },
      });
    }
    expect(world.logger.lines.filter(({ level }) => level === 'error')).toHaveLength(4);
    world.logger.assertNever('canary');
  });

  it('drops jobs of installations that are gone, and never crosses tenants', async () => {
    const world = await jobWorld(withWork(() => undefined));
    const installation = await world.addInstallation();
    await world.start(installation, 'work', { n: 1 });
    const body = await lastBody(world);
    const other = JSON.parse(body) as Record<string, unknown>;
    const foreign = JSON.stringify({ ...other, tenantId: installation.id });
    expect(await world.process(foreign)).toEqual({ decision: 'ack', result: 'dropped' });
    await world.innerPersistence.installations.deleteBatch(world.tenant.id, installation.id, 100);
    expect(await world.process(body)).toEqual({ decision: 'ack', result: 'dropped' });
  });

  it('makes dead letters of jobs that nobody declares, and of inputs that do not fit', async () => {
    const world = await jobWorld(withWork(() => undefined));
    await world.start(await world.addInstallation(), 'work', { n: 1 });
    const body = JSON.parse(await lastBody(world)) as Record<string, unknown>;
    const unknown = { ...body, id: world.platform.ids.next(), job: 'constructor' };
    const wrong = { ...body, id: world.platform.ids.next(), input: { n: 'canary' } };
    expect(await world.process(JSON.stringify(unknown))).toMatchObject({ result: 'dead' });
    expect(await world.process(JSON.stringify(wrong))).toMatchObject({ result: 'dead' });
    const codes = (await world.deadLetters()).map(({ error }) => error.code);
    expect(codes.sort()).toEqual(['JOB_UNKNOWN', 'VALIDATION_FAILED']);
    world.logger.assertNever('canary');
  });

  it('tries unknown errors again with growing waits, then gives up, and tells people', async () => {
    const attempts: number[] = [];
    const work = withWork(
      (_, attempt) => {
        attempts.push(attempt);
        throw new TypeError('canary-detail');
      },
      { maxAttempts: 3, retryDelayMs: 1_000 },
    );
    const world = await jobWorld(work);
    const installation = await world.addInstallation();
    const run = await world.start(installation, 'work', { n: 1 });
    expect(await world.work()).toEqual(['retry_later']);
    expect((await world.innerQueue.status())[0]).toMatchObject({ delayed: 1 });
    await world.clock.advance(499);
    expect(await world.work()).toEqual([]);
    await world.clock.advance(501);
    expect(await world.work()).toEqual(['retry_later']);
    await world.clock.advance(2_000);
    expect(await world.work()).toEqual(['dead']);
    expect(attempts).toEqual([1, 2, 3]);
    const [letter] = await world.deadLetters();
    expect(letter).toMatchObject({ reason: 'failed', attempts: 3, runId: run.id });
    expect(JSON.stringify(letter)).not.toContain('canary');
    expect(await world.run(run)).toMatchObject({ state: 'failed', pendingJobs: 0, deadJobs: 1 });
    const now = await world.innerPersistence.installations.find(world.tenant.id, installation.id);
    expect(now?.messages[0]).toMatchObject({ level: 'error', code: 'UNEXPECTED_ERROR', count: 1 });
    expect(world.eventsOf('run.finished')).toHaveLength(1);
    expect(world.eventsOf('job.dead')).toHaveLength(1);
  });

  it('gives up at once when repeating does not help', async () => {
    const world = await jobWorld(
      withWork(() => {
        throw failure('PROVIDER_REJECTED');
      }),
    );
    await world.start(await world.addInstallation(), 'work', { n: 1 });
    expect(await world.work()).toEqual(['dead']);
    expect((await world.deadLetters())[0]?.error.code).toBe('PROVIDER_REJECTED');
  });

  it('puts rate-limited jobs off without counting tries, within bounds', async () => {
    const attempts: number[] = [];
    const work = withWork((_, attempt) => {
      attempts.push(attempt);
      throw failure('PROVIDER_RATE_LIMITED', { category: 'rate_limited', retryAfterMs: 60_000 });
    });
    const world = await jobWorld(work, { settings: { maxDeferrals: 3 } });
    await world.start(await world.addInstallation(), 'work', { n: 1 });
    for (let round = 0; round < 3; round += 1) {
      expect(await world.work()).toEqual(['deferred']);
      await world.clock.advance(59_999);
      expect(await world.work()).toEqual([]);
      await world.clock.advance(1);
    }
    expect(await world.work()).toEqual(['dead']);
    expect(attempts).toEqual([1, 1, 1, 1]);
  });

  it('bounds put-offs by time, and holds longer waits than the queue can in the outbox', async () => {
    const hour = 60 * 60_000;
    const work = withWork(() => {
      throw failure('LIMITED', { category: 'rate_limited', retryAfterMs: 10 * hour });
    });
    const world = await jobWorld(work);
    await world.start(await world.addInstallation(), 'work', { n: 1 });
    expect(await world.work()).toEqual(['deferred']);
    expect((await world.innerPersistence.outbox.status()).waiting).toBe(1);
    expect((await world.settle()).slice(0, 1)).toEqual(['deferred']);
    await world.settle(80);
    await world.settle(80);
    expect((await world.deadLetters())[0]).toMatchObject({
      reason: 'failed',
      error: { code: 'LIMITED' },
    });
    const days = (world.clock.now().getTime() - Date.parse('2026-01-01')) / hour / 24;
    expect(days).toBeLessThan(3);
  });

  it('parks jobs whose connection must be authorised again, also when the handler finds out', async () => {
    const mark = async (world: JobWorld): Promise<void> => {
      const { connections } = world.innerPersistence;
      const change = { state: 'needs_reauthorization', problem: null, at: new Date() } as const;
      await connections.setState(world.tenant.id, world.connections.crm.id, change);
    };
    let during: (() => Promise<void>) | null = null;
    const world: JobWorld = await jobWorld(
      withWork(async () => {
        await during?.();
        throw connectionNeedsReauthorization(world.connections.crm);
      }),
    );
    during = () => mark(world);
    const run = await world.start(await world.addInstallation(), 'work', { n: 1 });
    expect(await world.work()).toEqual(['parked']);
    expect((await world.deadLetters())[0]).toMatchObject({ reason: 'needs_reauthorization' });
    expect(await world.run(run)).toMatchObject({ state: 'queued', pendingJobs: 1, deadJobs: 0 });
  });

  it('lets parked jobs go on by the sweep when whoever mended the cause died before them', async () => {
    const done: number[] = [];
    const world = await jobWorld(withWork(async (n) => void done.push(n)));
    const { connections } = world.innerPersistence;
    const setState = (state: 'active' | 'needs_reauthorization') => {
      const change = { state, problem: null, at: world.clock.now() };
      return connections.setState(world.tenant.id, world.connections.crm.id, change);
    };
    await setState('needs_reauthorization');
    await world.start(await world.addInstallation(), 'work', { n: 7 });
    expect(await world.work()).toEqual(['parked']);
    const sweep = async () => (await new Sweep(world.parts).execute(world.app, {}))['parked'];
    await world.clock.advance(120_000);
    expect(await sweep()).toBe(0);
    await setState('active');
    expect(await sweep()).toBe(1);
    expect(await world.work()).toEqual(['done']);
    expect(done).toEqual([7]);
    expect(await world.deadLetters()).toEqual([]);
  });

  it('does not park for ever on an error that nothing confirms', async () => {
    const world: JobWorld = await jobWorld(
      withWork(
        () => {
          throw connectionNeedsReauthorization(world.connections.crm);
        },
        { maxAttempts: 2, retryDelayMs: 0 },
      ),
    );
    await world.start(await world.addInstallation(), 'work', { n: 1 });
    expect(await world.work()).toEqual(['retry_later', 'dead']);
  });

  it('gives up jobs that crash at every try', async () => {
    const never = new Promise<void>(() => undefined);
    const world = await jobWorld(withWork(() => never, { maxAttempts: 2 }));
    await world.start(await world.addInstallation(), 'work', { n: 1 });
    const body = await lastBody(world);
    for (let crash = 0; crash < 2; crash += 1) {
      void world.process(body);
      await world.clock.advance(0);
      world.clock.jumpTo(new Date(world.clock.now().getTime() + 60_001));
    }
    expect(await world.process(body)).toEqual({ decision: 'ack', result: 'dead' });
    expect((await world.deadLetters())[0]?.error.code).toBe('JOB_CRASHED');
  });
});
