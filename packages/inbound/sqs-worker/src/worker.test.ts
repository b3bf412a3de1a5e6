import { describe, expect, it } from '@jest/globals';
import { errorCategories, TenonError, ValidationError } from '@tenon/core';
import type {
  InstallationId,
  LogFields,
  Logger,
  OutgoingMessage,
  Queue,
  ReceivedMessage,
  TenantId,
} from '@tenon/core';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { decide, decisionOf } from './error-decision.js';
import type { RecordContext } from './record-context.js';
import type { SqsEvent, SqsRecord } from './sqs-event.js';
import { Worker } from './worker.js';
import type { WorkerOptions } from './worker.js';

interface Mail {
  readonly to: string;
}

/** A worker whose behaviour each test chooses. */
class Mailer extends Worker<Mail, void> {
  readonly sent: string[] = [];

  constructor(
    options: WorkerOptions<Mail>,
    private readonly work: (mail: Mail, context: RecordContext) => void | Promise<void> = () =>
      undefined,
  ) {
    super(options);
  }

  validate(input: unknown): Mail {
    if (
      typeof input === 'object' &&
      input !== null &&
      'to' in input &&
      typeof input.to === 'string'
    ) {
      return { to: input.to };
    }
    throw new ValidationError('The mail', [{ path: 'to', message: 'is needed' }]);
  }

  async run(mail: Mail, context: RecordContext): Promise<void> {
    await this.work(mail, context);
    this.sent.push(mail.to);
  }
}

function record(id: string, body: unknown, group?: string): SqsRecord {
  return {
    messageId: id,
    receiptHandle: `receipt-${id}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '2', ...(group && { MessageGroupId: group }) },
    eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:mail',
  };
}

function event(...Records: SqsRecord[]): SqsEvent {
  return { Records };
}

/** Records what a worker asks of its queue. */
class SpyQueue implements Queue {
  readonly capabilities = { maxBodyBytes: 1_000, maxDelayMs: 900_000, durable: false };
  readonly sent: { queue: string; messages: readonly OutgoingMessage[] }[] = [];
  readonly released: { id: string; delayMs: number }[] = [];

  send(queue: string, messages: readonly OutgoingMessage[]): Promise<void> {
    this.sent.push({ queue, messages });
    return Promise.resolve();
  }

  release(_queue: string, messages: readonly ReceivedMessage[], delayMs: number): Promise<void> {
    this.released.push(...messages.map(({ id }) => ({ id, delayMs })));
    return Promise.resolve();
  }

  receive(): Promise<readonly ReceivedMessage[]> {
    return Promise.resolve([]);
  }

  acknowledge(): Promise<void> {
    return Promise.resolve();
  }

  extend(): Promise<void> {
    return Promise.resolve();
  }

  status(): Promise<[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function recorder(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const write = (message: string, fields?: LogFields): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const logger: Logger = {
    debug: write,
    info: write,
    warn: write,
    error: write,
    child: () => logger,
  };
  return { logger, lines };
}

const rateLimited = new TenonError({
  code: 'PROVIDER_RATE_LIMITED',
  category: 'rate_limited',
  message: 'slow down',
  retryAfterMs: 7_000,
});

describe('Worker', () => {
  it('answers the records that failed and no others', async () => {
    const mailer = new Mailer({ queueName: 'mail' }, ({ to }) => {
      if (to === 'bad') throw new Error('no such box');
    });
    const answer = await mailer.handle(
      event(record('1', { to: 'a' }), record('2', { to: 'bad' }), record('3', { to: 'b' })),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(mailer.sent.sort()).toEqual(['a', 'b']);
  });

  it('lets a malformed record fail alone, without quoting it', async () => {
    const { logger, lines } = recorder();
    const mailer = new Mailer({ queueName: 'mail', logger });
    const answer = await mailer.handle(
      event(record('1', 'canary-7f3 {'), record('2', { from: 'x' }), record('3', { to: 'a' })),
    );
    expect(answer.batchItemFailures.map((each) => each.itemIdentifier)).toEqual(['1', '2']);
    expect(mailer.sent).toEqual(['a']);
    expect(lines.join('\n')).toContain('MESSAGE_MALFORMED');
    expect(lines.join('\n')).not.toContain('canary-7f3');
  });

  it('moves what no repetition mends to the dead-letter queue and acknowledges it', async () => {
    const queue = new SpyQueue();
    const mailer = new Mailer({ queueName: 'mail', queue, deadLetterQueueName: 'mail-dead' });
    expect(await mailer.handle(event(record('1', { from: 'x' })))).toEqual({
      batchItemFailures: [],
    });
    expect(queue.sent).toEqual([
      {
        queue: 'mail-dead',
        messages: [
          {
            body: '{"from":"x"}',
            attributes: { errorCode: 'VALIDATION_FAILED', sourceQueue: 'mail', messageId: '1' },
          },
        ],
      },
    ]);
  });

  it('shows a rate-limited message again when its error says', async () => {
    const queue = new SpyQueue();
    const mailer = new Mailer({ queueName: 'mail', queue }, () => {
      throw rateLimited;
    });
    const answer = await mailer.handle(event(record('1', { to: 'a' })));
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
    expect(queue.released).toEqual([{ id: '1', delayMs: 7_000 }]);
  });

  it('skips the rest of a FIFO group after a failure', async () => {
    const mailer = new Mailer({ queueName: 'mail.fifo' }, ({ to }) => {
      if (to === 'bad') throw new Error('no');
    });
    const answer = await mailer.handle(
      event(
        record('1', { to: 'bad' }, 'g'),
        record('2', { to: 'a' }, 'g'),
        record('3', { to: 'b' }, 'h'),
      ),
    );
    expect(answer.batchItemFailures.map((each) => each.itemIdentifier)).toEqual(['1', '2']);
    expect(mailer.sent).toEqual(['b']);
  });

  it('works up to the concurrency at once', async () => {
    let active = 0;
    let most = 0;
    const mailer = new Mailer({ queueName: 'mail', concurrency: 3 }, async () => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setTimeout(resolve, 5));
      active -= 1;
    });
    await mailer.handle(
      event(...Array.from({ length: 10 }, (_, index) => record(String(index), { to: 'a' }))),
    );
    expect(most).toBe(3);
  });

  it('aborts the signal before the invocation ends', async () => {
    const mailer = new Mailer({ queueName: 'mail' }, (_mail, { signal }) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason);
        });
      });
    });
    const answer = await mailer.handle(event(record('1', { to: 'a' })), {
      getRemainingTimeInMillis: () => 1_020,
    });
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
  });

  it('does work with one key once, also when it is delivered twice at the same time', async () => {
    const { inbox } = createMemoryPersistence();
    const mailer = new Mailer(
      {
        queueName: 'mail',
        idempotency: {
          inbox,
          of: ({ to }) => ({
            tenantId: '01900000-0000-7000-8000-000000000001' as TenantId,
            installationId: '01900000-0000-7000-8000-000000000002' as InstallationId,
            key: `mail/${to}`,
          }),
        },
      },
      () => new Promise((resolve) => setTimeout(resolve, 5)),
    );
    const twice = event(record('1', { to: 'a' }), record('2', { to: 'a' }));
    const first = await mailer.handle(twice);
    expect(first.batchItemFailures).toHaveLength(1);
    expect(await mailer.handle(twice)).toEqual({ batchItemFailures: [] });
    expect(mailer.sent).toEqual(['a']);
  });

  it('hands Lambda a handler with at most two parameters', () => {
    expect(new Mailer({ queueName: 'mail' }).handler.length).toBeLessThanOrEqual(2);
  });

  it('names the nearest option for an unknown one', () => {
    const options = { queueName: 'mail', concurency: 3 };
    expect(() => new Mailer(options)).toThrow(
      /unknown option 'concurency'; did you mean 'concurrency'/,
    );
  });
});

describe('decide', () => {
  it('knows every category', () => {
    expect(Object.keys(decisionOf).sort()).toEqual([...errorCategories].sort());
  });

  it('tries unknown errors again', () => {
    expect(decide(new Error('?'))).toEqual({ decision: 'retry', delayMs: null });
  });
});
