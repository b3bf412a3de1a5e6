import { describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@tenon/core';
import { consumerWorld, faulty, FIFO, settle, STANDARD } from './consumer.fixture.js';

const empty = { queue: STANDARD, waiting: 0, inFlight: 0, delayed: 0 };
const outage = (): Error => new UnavailableError('QUEUE_UNAVAILABLE', 'The queue is away');

function bodies(count: number, groupId?: string) {
  return Array.from({ length: count }, (_, index) => ({
    body: String(index),
    ...(groupId !== undefined && { groupId }),
  }));
}

function never(): Promise<null> {
  return new Promise<null>(() => undefined);
}

describe('Consumer', () => {
  it('works off a queue, each message once', async () => {
    const { queue, clock, consume } = consumerWorld();
    await queue.send(STANDARD, bodies(95));
    const seen: string[] = [];
    const handle = async ({ body }: { body: string }) => {
      await clock.sleep(10);
      seen.push(body);
      return null;
    };
    const consumers = [consume({ handle }), consume({ handle })];
    await clock.advance(1_000);
    expect(seen).toHaveLength(95);
    expect(new Set(seen).size).toBe(95);
    expect(await queue.status()).toContainEqual(empty);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  });

  it('keeps messages hidden while their work takes longer than the visibility time-out', async () => {
    const { queue, clock, consume } = consumerWorld();
    await queue.send(STANDARD, bodies(3));
    let runs = 0;
    const handle = async () => {
      runs += 1;
      await clock.sleep(200_000);
      return null;
    };
    const options = { handle, visibilityMs: 30_000, concurrency: 1 };
    const consumers = [consume(options), consume(options)];
    await clock.advance(650_000);
    expect(runs).toBe(3);
    expect(await queue.status()).toContainEqual(empty);
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  });

  it('goes on prolonging after a prolongation failed', async () => {
    const world = consumerWorld();
    let fails = 4;
    const queue = faulty(world.queue, (method) =>
      method === 'extend' && (fails -= 1) >= 0 ? outage() : null,
    );
    await queue.send(STANDARD, bodies(1));
    let runs = 0;
    const handle = async () => {
      runs += 1;
      await world.clock.sleep(100_000);
      return null;
    };
    const consumer = world.consume({ queue, handle, visibilityMs: 30_000 });
    await world.clock.advance(110_000);
    expect(runs).toBe(1);
    expect(fails).toBeLessThan(0);
    await consumer.stop();
  });

  it('deletes again what could not be deleted, and meanwhile keeps it hidden', async () => {
    const world = consumerWorld();
    let fails = 3;
    const queue = faulty(world.queue, (method) =>
      method === 'acknowledge' && (fails -= 1) >= 0 ? outage() : null,
    );
    await queue.send(STANDARD, bodies(5));
    let runs = 0;
    const handle = async () => {
      runs += 1;
      return null;
    };
    const consumer = world.consume({ queue, handle, visibilityMs: 300 });
    await world.clock.advance(5_000);
    expect(runs).toBe(5);
    expect(await queue.status()).toContainEqual(empty);
    await consumer.stop();
  });

  it('survives acknowledgements that fail for good: the others are settled, the message comes again', async () => {
    const world = consumerWorld();
    let broken = true;
    const queue = faulty(world.queue, (method) =>
      method === 'acknowledge' && broken ? outage() : null,
    );
    await queue.send(FIFO, bodies(3, 'g'));
    const runs: string[] = [];
    const consumer = world.consume({
      queue,
      queueName: FIFO,
      visibilityMs: 10_000,
      handle: async ({ body }) => {
        runs.push(body);
        return null;
      },
    });
    await world.clock.advance(5_000);
    // Nothing behind it begins: it would be acknowledged first.
    expect(runs).toEqual(['0']);
    broken = false;
    await world.clock.advance(60_000);
    expect(runs).toEqual(['0', '0', '1', '2']);
    expect(world.log.lines.map(({ message }) => message)).toContain(
      'Messages are done but could not be deleted; they come again',
    );
    await consumer.stop();
  });

  it('deletes together what is done together', async () => {
    const world = consumerWorld();
    let deletes = 0;
    const queue = faulty(world.queue, (method) => {
      if (method === 'acknowledge') deletes += 1;
      return null;
    });
    await queue.send(STANDARD, bodies(10));
    const gate = world.clock.sleep(10);
    const handle = async () => {
      await gate;
      return null;
    };
    const consumer = world.consume({ queue, handle, batches: 1 });
    await settle();
    await world.clock.advance(100);
    expect(await queue.status()).toContainEqual(empty);
    expect(deletes).toBeLessThanOrEqual(2);
    await consumer.stop();
  });

  it('shows a message again when its handler says, or throws', async () => {
    const { queue, clock, consume, log } = consumerWorld();
    await queue.send(STANDARD, [{ body: 'defer' }, { body: 'throw' }]);
    const at: Record<string, number[]> = { defer: [], throw: [] };
    const consumer = consume({
      visibilityMs: 9_000,
      handle: ({ body, receiveCount }) => {
        at[body]?.push(clock.monotonicMs());
        if (receiveCount > 1) return Promise.resolve(null);
        if (body === 'throw') throw new TypeError('not even a promise');
        return Promise.resolve({ delayMs: 4_000 });
      },
    });
    await clock.advance(20_000);
    expect(at).toEqual({ defer: [0, 4_000], throw: [0, 9_000] });
    expect(log.lines.map(({ message }) => message)).toContain('A message handler threw');
    await consumer.stop();
  });

  it('leaves the rest of a FIFO group alone after a failure, and keeps its order', async () => {
    const { queue, clock, consume } = consumerWorld();
    await queue.send(FIFO, [...bodies(4, 'a'), { body: 'other', groupId: 'b' }]);
    const done: string[] = [];
    const consumer = consume({
      queueName: FIFO,
      handle: async ({ body, receiveCount }) => {
        if (body === '1' && receiveCount < 3) return { delayMs: 1_000 };
        done.push(body);
        return null;
      },
    });
    await clock.advance(10_000);
    expect(done.filter((body) => body !== 'other')).toEqual(['0', '1', '2', '3']);
    expect(done.indexOf('other')).toBeLessThan(done.indexOf('1'));
    await consumer.stop();
  });

  it('waits longer after each failure to receive, and recovers', async () => {
    const world = consumerWorld();
    const failedAt: number[] = [];
    let broken = true;
    const queue = faulty(world.queue, (method) => {
      if (method !== 'receive' || !broken) return null;
      failedAt.push(world.clock.monotonicMs());
      return outage();
    });
    const handled: string[] = [];
    const consumer = world.consume({
      queue,
      batches: 1,
      handle: async ({ body }) => {
        handled.push(body);
        return null;
      },
    });
    await world.clock.advance(10_000);
    expect(failedAt).toEqual([0, 200, 600, 1_400, 3_000, 6_200]);
    broken = false;
    await queue.send(STANDARD, bodies(1));
    await world.clock.advance(30_000);
    expect(handled).toEqual(['0']);
    await consumer.stop();
  });

  it('does not spin on a queue that was closed', async () => {
    const world = consumerWorld();
    let receives = 0;
    const queue = faulty(world.queue, (method) => {
      if (method === 'receive') receives += 1;
      return null;
    });
    const consumer = world.consume({ queue, batches: 1, handle: never });
    await queue.close();
    await world.clock.advance(1_000);
    expect(receives).toBeLessThan(6);
    await consumer.stop();
  });
});

describe('stopping a Consumer', () => {
  it('waits for work in hand, begins nothing more and shows the rest again at once', async () => {
    const { queue, clock, consume } = consumerWorld();
    await queue.send(STANDARD, bodies(5));
    const done: string[] = [];
    const consumer = consume({
      concurrency: 2,
      batches: 1,
      handle: async ({ body }) => {
        await clock.sleep(5_000);
        done.push(body);
        return null;
      },
    });
    await settle();
    let stopped = false;
    const stopping = consumer.stop().then(() => (stopped = true));
    await clock.advance(4_000);
    expect(stopped).toBe(false);
    await clock.advance(2_000);
    await stopping;
    expect(done).toHaveLength(2);
    expect(await queue.status()).toContainEqual({ ...empty, waiting: 3 });
    await expect(consumer.stop()).resolves.toBeUndefined();
  });

  it('aborts work that takes longer than the grace and shows its message again at once', async () => {
    const { queue, clock, consume } = consumerWorld();
    await queue.send(STANDARD, bodies(1));
    const consumer = consume({
      graceMs: 3_000,
      handle: async (_message, signal) => {
        await clock.sleep(1_000_000, signal);
        return null;
      },
    });
    await settle();
    const stopping = consumer.stop();
    await clock.advance(2_900);
    expect(await queue.status()).toContainEqual({ ...empty, inFlight: 1 });
    await clock.advance(200);
    await stopping;
    expect(await queue.status()).toContainEqual({ ...empty, waiting: 1 });
  });

  it('goes on without work that does not listen, and shows its message again', async () => {
    const { queue, clock, consume, log } = consumerWorld();
    await queue.send(STANDARD, bodies(2));
    const consumer = consume({ graceMs: 3_000, handle: never });
    await settle();
    const stopping = consumer.stop();
    await clock.advance(8_100);
    await stopping;
    expect(await queue.status()).toContainEqual({ ...empty, waiting: 2 });
    expect(log.lines.map(({ message }) => message)).toContain(
      'Work does not end though it was told to; its messages are shown again',
    );
    await clock.advance(120_000);
    expect(await queue.status()).toContainEqual({ ...empty, waiting: 2 });
  });

  it('ends an idle consumer at once', async () => {
    const { consume } = consumerWorld();
    const consumer = consume({ handle: never });
    await settle();
    await consumer.stop();
  });
});

describe('options of a Consumer', () => {
  it('are checked at construction', () => {
    const { consume } = consumerWorld();
    expect(() => consume({ handle: never, concurrency: 0 })).toThrow(/'concurrency' must be 1/);
    expect(() => consume({ handle: never, ...{ graceMS: 1 } })).toThrow(/did you mean 'graceMs'/);
  });
});
