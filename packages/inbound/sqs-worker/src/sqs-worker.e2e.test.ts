import { afterEach, describe, expect, it } from '@jest/globals';
import { createNodePlatform } from '@tenon/platform-node';
import { lambdaContext, recordingLogger, startEventSourceMapping } from '@tenon/testing';
import { createJobConsumer } from './job-consumer.js';
import type { SqsEvent } from './sqs-event.js';
import { pollable, startSqsWorld, until } from './sqs-world.fixture.js';
import type { SqsWorld } from './sqs-world.fixture.js';
import { Worker } from './worker.js';

interface Task {
  readonly id: number;
  readonly poison?: boolean;
}

class TaskWorker extends Worker<Task, void> {
  readonly done: number[] = [];
  attempts = 0;

  validate(input: unknown): Task {
    if (typeof input !== 'object' || input === null || !('id' in input)) throw new TypeError('no');
    return input as Task;
  }

  async run({ id, poison }: Task): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (poison) {
      this.attempts += 1;
      throw new Error('poison');
    }
    this.done.push(id);
  }
}

let world: SqsWorld | null = null;
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await world?.stop();
  world = null;
});

async function counts({ queue, name, deadName }: SqsWorld) {
  const status = await queue.status();
  const of = (wanted: string) => {
    const { waiting = 0, inFlight = 0 } = status.find((each) => each.queue === wanted) ?? {};
    return waiting + inFlight;
  };
  return { left: of(name), dead: of(deadName) };
}

function tasks(count: number, poisonEvery = Infinity): { body: string }[] {
  return Array.from({ length: count }, (_, id) => ({
    body: JSON.stringify({ id, ...(id % poisonEvery === poisonEvery - 1 && { poison: true }) }),
  }));
}

/** An instance of a function that runs in this process. */
function instanceOf(worker: TaskWorker) {
  return {
    invoke: async (event: unknown) => ({
      ok: true as const,
      result: await worker.handle(event as SqsEvent, lambdaContext()),
    }),
  };
}

describe('a Worker behind an event source mapping', () => {
  it('does all that can be done, and leaves poison to the redrive policy', async () => {
    const here = (world = await startSqsWorld(3));
    const worker = new TaskWorker({ queueName: here.name });
    await here.queue.send(here.name, tasks(200, 40));
    const runtime = instanceOf(worker);
    const mapping = startEventSourceMapping({
      queue: pollable(here),
      runtimes: [runtime, runtime],
    });
    running.push(mapping);
    await until(async () => (await counts(here)).dead === 5);
    await mapping.stop();
    expect(await counts(here)).toEqual({ left: 0, dead: 5 });
    expect(worker.done).toHaveLength(195);
    expect(new Set(worker.done).size).toBe(195);
    expect(worker.attempts).toBe(15);
    expect(mapping.stats).toMatchObject({ deleted: 195, failed: 15 });
  });

  it('moves what no repetition mends to the dead letters at once', async () => {
    const here = (world = await startSqsWorld(100));
    const { queue, name, deadName } = here;
    const worker = new TaskWorker({ queueName: name, queue, deadLetterQueueName: deadName });
    await queue.send(name, [...tasks(12), { body: '{"no":"id"}' }, { body: 'no JSON' }]);
    const mapping = startEventSourceMapping({
      queue: pollable(here),
      runtimes: [instanceOf(worker)],
    });
    running.push(mapping);
    await until(async () => (await counts(here)).left === 0);
    await mapping.stop();
    expect(await counts(here)).toEqual({ left: 0, dead: 2 });
    expect(worker.done).toHaveLength(12);
    const letters = await queue.receive({
      queue: deadName,
      max: 10,
      waitMs: 0,
      visibilityMs: 60_000,
    });
    const seen = letters.map(({ body, attributes }) => [body, attributes['errorCode']]);
    expect(seen.sort()).toEqual([
      ['no JSON', 'MESSAGE_MALFORMED'],
      ['{"no":"id"}', 'MESSAGE_INVALID'],
    ]);
  });
});

describe('job consumers on SQS', () => {
  it('share the work, run each job once, keep long ones hidden, leave poison to the redrive policy', async () => {
    const here = (world = await startSqsWorld(3));
    const { clock } = createNodePlatform();
    const logger = recordingLogger();
    const runs = new Map<number, number>();
    const start = () => {
      const consumer = createJobConsumer({
        queue: here.queue,
        queueName: here.name,
        clock,
        logger,
        visibilityMs: 1_000,
        waitMs: 1_000,
        process: async (_context, { body }) => {
          const { id, poison } = JSON.parse(body) as Task;
          runs.set(id, (runs.get(id) ?? 0) + 1);
          if (poison) return { decision: 'retry', delayMs: 0, reason: 'poison' };
          // The first takes three times as long as its message would stay hidden by itself.
          await clock.sleep(id === 0 ? 3_000 : 5);
          return { decision: 'ack', result: 'done' };
        },
      });
      running.push(consumer);
      consumer.start();
      return consumer;
    };
    await here.queue.send(here.name, tasks(120, 60));
    const consumers = [start(), start()];
    await until(async () => {
      const { left, dead } = await counts(here);
      return left === 0 && dead === 2;
    });
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    const poison = [...runs].filter(([id]) => id % 60 === 59).map(([, times]) => times);
    expect(poison).toEqual([3, 3]);
    expect([...runs].filter(([id]) => id % 60 !== 59).every(([, times]) => times === 1)).toBe(true);
    expect(runs.size).toBe(120);
  });

  it('shows unfinished work to the next consumer when one is stopped', async () => {
    const here = (world = await startSqsWorld(100));
    const { clock } = createNodePlatform();
    await here.queue.send(here.name, tasks(4));
    const done: number[] = [];
    let stuck = 0;
    const consume = (hangs: boolean) => {
      const consumer = createJobConsumer({
        queue: here.queue,
        queueName: here.name,
        clock,
        graceMs: 100,
        // The local endpoint goes on polling for a client that hung up, and would take what is released.
        batches: 1,
        waitMs: 1_000,
        process: async (_context, { body, signal }) => {
          if (hangs) {
            stuck += 1;
            await clock.sleep(60_000, signal);
          }
          done.push((JSON.parse(body) as Task).id);
          return { decision: 'ack', result: 'done' };
        },
      });
      running.push(consumer);
      consumer.start();
      return consumer;
    };
    const first = consume(true);
    await until(() => stuck === 4);
    await first.stop();
    const second = consume(false);
    await until(() => done.length === 4, 5_000);
    await second.stop();
    expect([...done].sort()).toEqual([0, 1, 2, 3]);
    expect(await counts(here)).toEqual({ left: 0, dead: 0 });
  });
});
