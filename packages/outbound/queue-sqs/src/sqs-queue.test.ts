import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OutgoingMessage } from '@tenon/core';
import fc from 'fast-check';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentials, region, startSqsEndpoint } from './sqs-endpoint.fixture.js';
import type { SqsEndpoint } from './sqs-endpoint.fixture.js';
import { faultyClient } from './faulty-client.fixture.js';
import { createSqsQueue } from './sqs-queue.js';

let sqs: SqsEndpoint;
let count = 0;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = credentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = credentials.secretAccessKey;
  sqs = await startSqsEndpoint();
});
afterAll(() => sqs.stop());

async function newQueues() {
  const names = [`s${(count += 1)}`, `f${count}.fifo`] as const;
  return { standard: names[0], fifo: names[1], queues: await sqs.create(...names) };
}

const soon = { max: 10, waitMs: 0, visibilityMs: 60_000 };

function bodies(length: number): OutgoingMessage[] {
  return Array.from({ length }, (_, index) => ({ body: String(index), groupId: 'g' }));
}

async function drain(queue: ReturnType<typeof createSqsQueue>, name: string): Promise<string[]> {
  const all: string[] = [];
  for (;;) {
    const batch = await queue.receive({ ...soon, queue: name });
    if (batch.length === 0) return all;
    all.push(...batch.map(({ body }) => body));
    await queue.acknowledge(name, batch);
  }
}

describe('sending', () => {
  it('splits by count and by bytes, and sends one batch after another to FIFO queues', async () => {
    const { standard, fifo, queues } = await newQueues();
    const client = faultyClient(sqs.client);
    const queue = createSqsQueue({ client, queues, maxBodyBytes: 1_000 });
    const messages = bodies(25).map((each) => ({ ...each, body: each.body.padEnd(300, '.') }));
    for (const name of [standard, fifo]) {
      client.sent.length = 0;
      client.mostAtOnce = 0;
      await queue.send(name, messages);
      expect(client.sent.map(({ Entries = [] }) => Entries.length)).toEqual([
        ...Array.from({ length: 8 }, () => 3),
        1,
      ]);
      expect(client.mostAtOnce).toBe(name === fifo ? 1 : 4);
      const received = await drain(queue, name);
      if (name === fifo) expect(received).toEqual(messages.map(({ body }) => body));
      else expect(received).toHaveLength(25);
    }
  });

  it('sends nothing when one message is refused', async () => {
    const { standard, queues } = await newQueues();
    const client = faultyClient(sqs.client);
    const queue = createSqsQueue({ client, queues });
    const sendings: [OutgoingMessage, object][] = [
      [
        { body: 'x'.repeat(1_048_577) },
        { code: 'QUEUE_MESSAGE_TOO_LARGE', details: { index: 12, bytes: 1_048_577 } },
      ],
      // The local endpoint takes it, SQS does not.
      [
        { body: 'x', delayMs: 901_000 },
        { code: 'QUEUE_INVALID_MESSAGE', details: { index: 12 } },
      ],
      [{ body: 'a\u0007' }, { code: 'QUEUE_INVALID_MESSAGE', details: { index: 12 } }],
      [{ body: 'x', attributes: { a: '' } }, { code: 'QUEUE_INVALID_MESSAGE' }],
    ];
    for (const [message, error] of sendings)
      await expect(queue.send(standard, [...bodies(12), message])).rejects.toMatchObject(error);
    expect(client.sent).toEqual([]);
  });

  it('sends again what SQS failed to take, and names exactly what stayed behind', async () => {
    const { standard, queues } = await newQueues();
    const client = faultyClient(sqs.client);
    const queue = createSqsQueue({ client, queues });
    let tries = 0;
    client.fail = ({ MessageBody: body }) => {
      if (body === '3') return { SenderFault: true, Code: 'InvalidMessageContents' };
      if (body === '7') return { SenderFault: false, Code: 'InternalError' };
      if (body === '14') return (tries += 1) === 1 ? { SenderFault: false, Code: 'Busy' } : null;
      return null;
    };
    await expect(queue.send(standard, bodies(25))).rejects.toMatchObject({
      code: 'QUEUE_SEND_FAILED',
      retryable: true,
      details: { queue: standard, failed: [3, 7] },
    });
    const asked = client.sent.flatMap(({ Entries = [] }) =>
      Entries.map((each) => each.MessageBody),
    );
    const times = (body: string): number => asked.filter((each) => each === body).length;
    expect({
      refused: times('3'),
      failed: times('7'),
      mended: times('14'),
      fine: times('1'),
    }).toEqual({ refused: 1, failed: 3, mended: 2, fine: 1 });
    const expected = bodies(25).map(({ body }) => body);
    expect((await drain(queue, standard)).sort()).toEqual(
      expected.filter((body) => body !== '3' && body !== '7').sort(),
    );
  });

  it('lets nothing overtake on a FIFO queue: after a failed batch the rest is not sent', async () => {
    const { fifo, queues } = await newQueues();
    const client = faultyClient(sqs.client);
    const queue = createSqsQueue({ client, queues });
    client.fail = ({ MessageBody: body }) =>
      body === '19' ? { SenderFault: false, Code: 'InternalError' } : null;
    await expect(queue.send(fifo, bodies(32))).rejects.toMatchObject({
      code: 'QUEUE_SEND_FAILED',
      details: { failed: Array.from({ length: 13 }, (_, index) => index + 19) },
    });
    expect(await drain(queue, fifo)).toEqual(bodies(19).map(({ body }) => body));
  });

  it('delivers every message of a random list once, in order per group on FIFO queues', async () => {
    const { standard, fifo, queues } = await newQueues();
    const queue = createSqsQueue({ client: sqs.client, queues, maxBodyBytes: 400 });
    const message = fc.record({
      group: fc.constantFrom('a', 'b', 'c'),
      size: fc.nat({ max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 40 }), async (input) => {
        const sent = input.map(({ group, size }, index) => ({
          body: `${group}${index}/${'.'.repeat(size)}`,
          groupId: group,
        }));
        const expected = sent.map(({ body }) => body);
        await queue.send(standard, sent);
        expect((await drain(queue, standard)).sort()).toEqual([...expected].sort());
        await queue.send(fifo, sent);
        const received = await drain(queue, fifo);
        expect(received).toHaveLength(sent.length);
        for (const group of ['a', 'b', 'c']) {
          const inGroup = (body: string): boolean => body.startsWith(group);
          expect(received.filter(inGroup)).toEqual(expected.filter(inGroup));
        }
      }),
      { numRuns: 20 },
    );
  }, 30_000);
});

describe('settling', () => {
  it('deletes again what SQS failed to delete, and says so when it still fails', async () => {
    const { standard, queues } = await newQueues();
    const client = faultyClient(sqs.client);
    const queue = createSqsQueue({ client, queues });
    await queue.send(standard, bodies(10));
    const received = await queue.receive({ ...soon, queue: standard });
    const receipt = received[4]!.receipt;
    let left = 2;
    client.failDelete = (entry) => entry.ReceiptHandle === receipt && (left -= 1) >= 0;
    await queue.acknowledge(standard, received);
    expect(await queue.status()).toContainEqual({
      queue: standard,
      waiting: 0,
      inFlight: 0,
      delayed: 0,
    });
    client.failDelete = () => true;
    await expect(queue.acknowledge(standard, received)).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      retryable: true,
    });
  });

  it('shortens waits that are longer than SQS knows', async () => {
    const { standard, queues } = await newQueues();
    const queue = createSqsQueue({ client: sqs.client, queues });
    await queue.send(standard, bodies(1));
    const received = await queue.receive({ ...soon, queue: standard });
    await queue.release(standard, received, 48 * 3_600_000);
    expect(await queue.status()).toContainEqual(
      expect.objectContaining({ queue: standard, waiting: 0, inFlight: 1 }),
    );
  });
});

describe('outages', () => {
  it('says so while the endpoint is down, and works again when it is back', async () => {
    const first = await startSqsEndpoint();
    const queues = await first.create('jobs');
    const queue = createSqsQueue({ queues, endpoint: first.endpoint, region });
    await queue.send('jobs', bodies(1));
    const received = await queue.receive({ ...soon, queue: 'jobs' });
    await first.stop();
    const unavailable = { code: 'QUEUE_UNAVAILABLE', category: 'unavailable', retryable: true };
    await expect(queue.receive({ ...soon, queue: 'jobs' })).rejects.toMatchObject(unavailable);
    await expect(queue.acknowledge('jobs', received)).rejects.toMatchObject(unavailable);
    await expect(queue.extend('jobs', received, 1_000)).rejects.toMatchObject(unavailable);
    await expect(queue.status()).rejects.toMatchObject(unavailable);
    await expect(queue.send('jobs', bodies(12))).rejects.toMatchObject({
      code: 'QUEUE_SEND_FAILED',
      retryable: true,
      details: { failed: Array.from({ length: 12 }, (_, index) => index) },
      cause: { code: 'QUEUE_UNAVAILABLE' },
    });
    const second = await startSqsEndpoint(first.port);
    try {
      await second.create('jobs');
      await queue.send('jobs', bodies(3));
      expect(await drain(queue, 'jobs')).toHaveLength(3);
    } finally {
      await queue.close();
      await second.stop();
    }
  }, 20_000);

  it('gives up on an endpoint that takes the request and never answers', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const queues = { jobs: `${endpoint}/000000000000/jobs` };
    const queue = createSqsQueue({ queues, endpoint, region, requestTimeoutMs: 100 });
    await expect(queue.receive({ ...soon, queue: 'jobs' })).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
    });
    await queue.close();
    server.closeAllConnections();
    server.close();
  });

  it('names a queue that SQS does not have', async () => {
    const { queues } = await newQueues();
    const gone = { gone: Object.values(queues)[0]!.replace(/[^/]+$/, 'gone') };
    const queue = createSqsQueue({ client: sqs.client, queues: gone });
    const unknown = {
      code: 'QUEUE_UNKNOWN',
      category: 'misconfigured',
      details: { queue: 'gone' },
    };
    await expect(queue.send('gone', bodies(1))).rejects.toMatchObject(unknown);
    await expect(queue.receive({ ...soon, queue: 'gone' })).rejects.toMatchObject(unknown);
    await expect(queue.status()).rejects.toMatchObject(unknown);
  });
});

describe('closing', () => {
  it('ends receivers and refuses further work, also with a client of the caller', async () => {
    const { standard, queues } = await newQueues();
    const queue = createSqsQueue({ client: sqs.client, queues });
    const waiting = queue.receive({ ...soon, queue: standard, waitMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await queue.close();
    expect(await waiting).toEqual([]);
    for (const use of [
      queue.send(standard, bodies(1)),
      queue.receive({ ...soon, queue: standard }),
      queue.status(),
    ]) {
      await expect(use).rejects.toMatchObject({
        code: 'QUEUE_UNAVAILABLE',
        message: expect.stringContaining('closed'),
      });
    }
    const again = createSqsQueue({ client: sqs.client, queues });
    await again.send(standard, bodies(1));
  });
});

describe('options', () => {
  it('are checked at construction', () => {
    const make = (options: object) => () => createSqsQueue({ queues: {}, ...options });
    expect(make({ queue: {} })).toThrow(/unknown option 'queue'; did you mean 'queues'/);
    expect(make({ queues: { jobs: 'jobs' } })).toThrow(/URL of the queue 'jobs'/);
    expect(make({ queues: { 'jobs.fifo': 'https://sqs/1/jobs' } })).toThrow(/'\.fifo'/);
    expect(make({ sendConcurrency: 0 })).toThrow(/sendConcurrency/);
  });
});
