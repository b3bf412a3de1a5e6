import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSqsQueue } from '@tenon/queue-sqs';
import type { Queue } from '@tenon/core';
import { startEmbeddedQueue } from './embedded-queue.js';
import type { EmbeddedQueue } from './embedded-queue.js';
import { QueueJournal } from './queue-journal.js';

jest.setTimeout(60_000);

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

describe('a queue with a journal', () => {
  let folder: string;
  let journalFile: string;
  const open: { endpoint: EmbeddedQueue; client: SQSClient }[] = [];

  async function start(queues: readonly string[]) {
    const endpoint = await startEmbeddedQueue({ queues, journalFile });
    const { region } = endpoint;
    const client = new SQSClient({ endpoint: endpoint.endpoint, region, credentials });
    const queue = createSqsQueue({ queues: endpoint.queues, client });
    open.push({ endpoint, client });
    return queue;
  }

  async function stop(): Promise<void> {
    for (const { endpoint, client } of open.splice(0)) {
      client.destroy();
      await endpoint.stop();
    }
  }

  const receive = (queue: Queue, name = 'default') =>
    queue.receive({ queue: name, max: 10, waitMs: 0, visibilityMs: 60_000 });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenon-journal-'));
    journalFile = join(folder, 'queue.ndjson');
  });
  afterEach(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });

  it('sends anew at the next start what was not acknowledged, in its order', async () => {
    const first = await start(['default', 'orders.fifo', 'old']);
    await first.send('default', [{ body: 'done' }, { body: 'in hand' }]);
    const group = { groupId: 'a' };
    const ordered = ['1', '2', '3'].map((body) => ({ body, ...group, deduplicationId: body }));
    await first.send('orders.fifo', ordered);
    await first.send('old', [{ body: 'waits' }]);
    await first.send('default', [{ body: 'later', delayMs: 600_000 }]);
    const messages = await receive(first);
    const done = messages.filter(({ body }) => body === 'done');
    await first.acknowledge('default', done);
    await stop();
    appendFileSync(journalFile, '{"sent":{"id":"torn","que');

    const second = await start(['default', 'orders.fifo']);
    expect((await receive(second)).map(({ body }) => body)).toEqual(['in hand']);
    const inOrder: string[] = [];
    for (const _ of ordered) {
      const [message] = await receive(second, 'orders.fifo');
      inOrder.push(message?.body ?? '');
      if (message) await second.acknowledge('orders.fifo', [message]);
    }
    expect(inOrder).toEqual(['1', '2', '3']);
    await stop();
    // That of a queue which the app did not have is kept, too.
    const bodies = new QueueJournal(journalFile).kept.map(({ body }) => body);
    expect(bodies.sort()).toEqual(['in hand', 'later', 'waits']);
    expect(statSync(journalFile).mode & 0o077).toBe(0);
  });
});
