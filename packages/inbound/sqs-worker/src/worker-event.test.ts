import { describe, expect, it } from '@jest/globals';
import { MisconfiguredError, TenonError } from '@tenon/core';
import type { TenantId } from '@tenon/core';
import { createMemoryQueue } from '@tenon/queue-memory';
import { createTestPlatform, lambdaContext, recordingLogger, sqsEvent } from '@tenon/testing';
import fc from 'fast-check';
import { decide } from './error-decision.js';
import { createJobHandler } from './job-handler.js';
import type { RecordContext } from './record-context.js';
import { Worker } from './worker.js';
import type { WorkerOptions } from './worker.js';

const TENANT = '01900000-0000-7000-8000-000000000001' as TenantId;

interface Task {
  readonly id: number;
  readonly fate: 'done' | 'fails' | 'invalid' | 'limited';
  readonly tenantId?: TenantId;
}

/** Notes what it began and ended, and does what the message says. */
class TaskWorker extends Worker<Task, void> {
  readonly done: number[] = [];

  constructor(
    options: Partial<WorkerOptions<Task>> = {},
    private readonly work: (task: Task, context: RecordContext) => unknown = () => undefined,
  ) {
    super({ queueName: 'tasks', ...options });
  }

  validate(input: unknown): Task | Promise<Task> {
    const task = input as Task;
    if (task.fate === 'invalid') throw new RangeError(`what a schema library says of ${task.id}`);
    return task.id % 3 === 0 ? Promise.resolve(task) : task;
  }

  async run(task: Task, context: RecordContext): Promise<void> {
    await this.work(task, context);
    if (task.fate === 'fails') throw new Error('no');
    if (task.fate === 'limited')
      throw new TenonError({
        code: 'LIMITED',
        category: 'rate_limited',
        message: 'later',
        retryAfterMs: 5_000,
      });
    this.done.push(task.id);
  }
}

const fates = fc.constantFrom('done', 'done', 'done', 'fails', 'limited', 'invalid', 'malformed');
const records = fc.array(fc.record({ fate: fates, group: fc.constantFrom('a', 'b', 'c') }), {
  maxLength: 25,
});

function toEvent(input: readonly { fate: string; group: string }[]) {
  return sqsEvent(
    input.map(({ fate, group }, id) => ({
      body: fate === 'malformed' ? `{"id": ${id}, "canary-5c1"` : { id, fate },
      messageId: `m${id}`,
      messageGroupId: group,
    })),
  );
}

describe('Worker.handle', () => {
  it('acknowledges exactly what is done: acknowledged and failed make the batch', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 10 }), async (input, concurrency) => {
        const worker = new TaskWorker({ concurrency });
        const { batchItemFailures } = await worker.handle(toEvent(input));
        const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
        const expected = input.flatMap(({ fate }, id) => (fate === 'done' ? [] : [`m${id}`]));
        expect(failed).toEqual(expected);
        expect([...worker.done].sort((a, b) => a - b)).toEqual(
          input.flatMap(({ fate }, id) => (fate === 'done' ? [id] : [])),
        );
      }),
    );
  });

  it('acknowledges no later message of a failed FIFO group', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 10 }), async (input, concurrency) => {
        const worker = new TaskWorker({ queueName: 'tasks.fifo', concurrency });
        const { batchItemFailures } = await worker.handle(toEvent(input));
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        const broken = new Set<string>();
        input.forEach(({ fate, group }, id) => {
          if (fate !== 'done') broken.add(group);
          expect(failed.has(`m${id}`)).toBe(broken.has(group));
        });
        for (const group of ['a', 'b', 'c']) {
          const done = worker.done.filter((id) => input[id]?.group === group);
          expect(done).toEqual([...done].sort((a, b) => a - b));
        }
        expect(worker.done).toHaveLength(input.length - failed.size);
      }),
    );
  });

  it('logs neither bodies nor what a schema library says of them', async () => {
    const logger = recordingLogger();
    const input = ['invalid', 'malformed', 'fails'].map((fate) => ({ fate, group: 'a' }));
    await new TaskWorker({ logger }).handle(toEvent(input));
    expect(logger.lines.map(({ fields }) => fields['code'])).toEqual([
      'MESSAGE_INVALID',
      'MESSAGE_MALFORMED',
      'UNKNOWN',
    ]);
    logger.assertNever('canary-5c1', 'what a schema library says');
  });

  it('gives the whole group the delay of its first failure, in one request', async () => {
    const { clock, ids } = createTestPlatform();
    const queue = createMemoryQueue({ queues: ['tasks.fifo'], clock, ids });
    const bodies = ['limited', 'done', 'done'].map((fate, id) => JSON.stringify({ id, fate }));
    const name = 'tasks.fifo';
    await queue.send(
      name,
      bodies.map((body) => ({ body, groupId: 'g' })),
    );
    const receive = () => queue.receive({ queue: name, max: 10, waitMs: 0, visibilityMs: 60_000 });
    const received = await receive();
    const event = {
      Records: received.map(({ id, receipt, body }) => ({
        messageId: id,
        receiptHandle: receipt,
        body,
        attributes: { MessageGroupId: 'g' },
        eventSourceARN: '',
      })),
    };
    const answer = await new TaskWorker({ queueName: name, queue }).handle(event);
    expect(answer.batchItemFailures).toHaveLength(3);
    await clock.advance(4_900);
    expect(await receive()).toEqual([]);
    await clock.advance(200);
    expect((await receive()).map(({ body }) => body)).toEqual(bodies);
  });

  it('names the tenant of each record, in its context and in its log lines', async () => {
    const logger = recordingLogger();
    const tenants: unknown[] = [];
    const worker = new TaskWorker(
      { logger, tenantOf: ({ tenantId }) => tenantId ?? TENANT },
      (_task, { tenant, tenantId, logger: log }) => {
        tenants.push(tenantId, tenant.tenantId, tenant.actor);
        log.info('hello');
      },
    );
    await worker.handle(sqsEvent([{ body: { id: 1, fate: 'fails' }, messageId: 'm' }]), {
      awsRequestId: 'r-1',
    });
    expect(tenants).toEqual([TENANT, TENANT, 'system']);
    expect(logger.lines).toMatchObject([
      { message: 'hello', fields: { tenantId: TENANT, messageId: 'm', requestId: 'r-1' } },
      { message: 'A message failed', fields: { tenantId: TENANT } },
    ]);
  });

  it('refuses the context of a tenant that nobody named', async () => {
    let error: unknown;
    const worker = new TaskWorker({}, (_task, context) => {
      try {
        return context.tenant;
      } catch (caught) {
        error = caught;
        return null;
      }
    });
    await worker.handle(sqsEvent([{ body: { id: 1, fate: 'done' } }]));
    expect(error).toMatchObject({ code: 'MISCONFIGURED', message: /tenantOf/ } satisfies object);
  });

  it("aborts a record's signal after its time, and no other's", async () => {
    const worker = new TaskWorker({ timeoutMs: 20 }, ({ id }, { signal }) => {
      if (id === 2) return null;
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason);
        });
      });
    });
    const event = sqsEvent(
      [1, 2].map((id) => ({ body: { id, fate: 'done' }, messageId: `m${id}` })),
    );
    expect(await worker.handle(event)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  });
});

describe('the end of an invocation', () => {
  const event = sqsEvent(
    [1, 2, 3].map((id) => ({ body: { id, fate: 'done' }, messageId: `m${id}` })),
  );

  it('comes not before the answer: what is done is acknowledged, work that does not listen is not', async () => {
    const logger = recordingLogger();
    const worker = new TaskWorker({ logger }, ({ id }) =>
      id === 2 ? new Promise(() => undefined) : null,
    );
    const started = performance.now();
    const answer = await worker.handle(event, lambdaContext({ timeoutMs: 300 }));
    expect(performance.now() - started).toBeLessThan(295);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
    expect(logger.lines.map(({ level }) => level)).toEqual(['error']);
  });

  it('begins nothing more once its signal aborted', async () => {
    const begun: number[] = [];
    const worker = new TaskWorker({ concurrency: 1 }, ({ id }, { signal }) => {
      begun.push(id);
      return new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    });
    const answer = await worker.handle(event, lambdaContext({ timeoutMs: 200 }));
    expect(begun).toEqual([1]);
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'm2',
      'm3',
    ]);
  });
});

describe('createJobHandler', () => {
  it('lets a job fail alone, also when processing throws', async () => {
    const logger = recordingLogger();
    const handler = createJobHandler({
      queueName: 'tasks',
      logger,
      process: async (_context, { body, receiveCount, queue }) => {
        const { fate } = JSON.parse(body) as Task;
        expect({ receiveCount, queue }).toEqual({ receiveCount: 1, queue: 'tasks' });
        if (fate === 'fails') throw new MisconfiguredError('The app did not load');
        if (fate === 'limited') return { decision: 'retry', delayMs: 1_000, reason: 'busy' };
        return { decision: 'ack', result: 'done' };
      },
    });
    const bodies = ['done', 'fails', 'limited', 'done'].map((fate) => ({ body: { fate } }));
    expect(await handler(sqsEvent(bodies))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-2' }, { itemIdentifier: 'message-3' }],
    });
    expect(logger.lines).toMatchObject([
      { message: 'A job could not be processed', fields: { code: 'MISCONFIGURED' } },
    ]);
    expect(handler).toHaveLength(2);
  });
});

describe('decide', () => {
  const error = (category: TenonError['category'], more: object = {}) =>
    new TenonError({ code: 'X', category, message: 'x', ...more });

  it.each([
    ['retries an outage', error('unavailable'), { decision: 'retry', delayMs: null }],
    [
      'waits as long as the error says',
      error('unavailable', { retryAfterMs: 9 }),
      { decision: 'defer', delayMs: 9 },
    ],
    [
      'gives up on an outage that says no',
      error('timeout', { retryable: false }),
      { decision: 'dead-letter', delayMs: null },
    ],
    [
      'gives up on what is invalid',
      error('validation'),
      { decision: 'dead-letter', delayMs: null },
    ],
    [
      'retries a conflict that says yes',
      error('conflict', { retryable: true }),
      { decision: 'retry', delayMs: null },
    ],
    ['retries what was cancelled', error('cancelled'), { decision: 'retry', delayMs: null }],
    ['retries bugs', error('internal'), { decision: 'retry', delayMs: null }],
    [
      'keeps the messages of a wrong deployment',
      error('misconfigured'),
      { decision: 'retry', delayMs: null },
    ],
  ] as const)('%s', (_name, thrown, decision) => {
    expect(decide(thrown)).toEqual(decision);
  });
});

describe('options of a Worker', () => {
  it('are checked at construction', () => {
    expect(() => new TaskWorker({ concurrency: 0 })).toThrow(/'concurrency' must be 1 or more/);
    expect(() => new TaskWorker({ timeoutMs: Number.NaN })).toThrow(/'timeoutMs' must be 1/);
  });
});
