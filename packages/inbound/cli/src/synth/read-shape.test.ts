import { describe, expect, it } from '@jest/globals';

import { readShape } from './read-shape.js';
import type { ShapeSource } from './read-shape.js';

const worker = (queue: string, name = `worker-${queue}`) => ({
  name,
  module: `src/workers/${queue}.ts`,
  queue,
});
const handler = (name: string) => ({ name, module: `src/handlers/${name}.ts`, queue: null });

const source = (change: Partial<ShapeSource> = {}): ShapeSource => ({
  name: 'orders',
  runtime: 'nodejs22.x',
  app: {
    connectors: [],
    integrations: [],
    queues: [
      { name: 'default', jobTimeoutMs: 300_000 },
      { name: 'orders.fifo', jobTimeoutMs: 1_500 },
    ],
  },
  entries: [
    worker('orders.fifo', 'worker-orders-fifo'),
    worker('default'),
    worker('spare'),
    handler('report'),
    handler('api'),
  ],
  ...change,
});

const withQueue = (name: string, jobTimeoutMs: number) =>
  source({ app: { connectors: [], integrations: [], queues: [{ name, jobTimeoutMs }] } });

describe('the shape of an app on Lambda', () => {
  it('gives each worker its queue, and more time than its longest job', () => {
    const { functions, queues } = readShape(source());
    expect(queues).toEqual(['default', 'orders.fifo', 'spare']);
    expect(functions).toEqual([
      { name: 'api', role: 'api', queue: null, timeoutSeconds: 29 },
      { name: 'report', role: 'other', queue: null, timeoutSeconds: 60 },
      { name: 'worker-default', role: 'worker', queue: 'default', timeoutSeconds: 330 },
      { name: 'worker-orders-fifo', role: 'worker', queue: 'orders.fifo', timeoutSeconds: 32 },
      { name: 'worker-spare', role: 'worker', queue: 'spare', timeoutSeconds: 60 },
    ]);
  });

  it.each([
    [
      withQueue('mail', 1_000),
      "make src/workers/mail.ts, which exports createJobHandler({ queueName: 'mail'",
    ],
    [withQueue('no queue', 1_000), "'no queue' is no name for a queue on SQS"],
    [withQueue('default', 870_001), 'timeoutMs must be at most 870000'],
  ])('says what to do about what cannot be deployed', (wrong, message) => {
    expect(() => readShape(wrong)).toThrow(message);
  });
});
