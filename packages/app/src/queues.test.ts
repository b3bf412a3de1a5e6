import { describe, expect, it } from '@jest/globals';
import { defineConnector, defineIntegration } from '@tenon/core';
import { z } from 'zod';

import { defineApp } from './define-app.js';

const shop = defineConnector({
  name: 'shop',
  display: { label: 'Shop' },
  auth: { type: 'api_key', placement: { in: 'header', name: 'x-key' } },
  baseUrl: 'https://shop.example',
  api: () => ({}),
  identity: async () => ({ externalId: '1', name: 'Shop' }),
});

const run = (): void => undefined;

const orders = defineIntegration({
  name: 'orders',
  version: '1',
  display: { label: 'Orders' },
  connections: { shop },
  config: z.object({}),
  jobs: {
    quick: { run, timeoutMs: 1_000 },
    ordered: { run, queue: 'orders.fifo', timeoutMs: 20_000 },
    slow: { run, queue: 'orders.fifo', timeoutMs: 600_000 },
    usual: { run, queue: 'usual' },
  },
});

describe('the shape of an app', () => {
  it('has every queue with the time of its longest job, and opens nothing', () => {
    expect(defineApp(() => ({ integrations: [orders] })).describe({})).toEqual({
      connectors: ['shop'],
      integrations: ['orders'],
      queues: [
        { name: 'default', jobTimeoutMs: 300_000 },
        { name: 'orders.fifo', jobTimeoutMs: 600_000 },
        { name: 'usual', jobTimeoutMs: 300_000 },
      ],
    });
  });

  it('goes by the settings of the definition', () => {
    const app = defineApp(() => ({ connectors: [shop], settings: { jobTimeoutMs: 60_000 } }));
    expect(app.describe({})).toEqual({
      connectors: ['shop'],
      integrations: [],
      queues: [{ name: 'default', jobTimeoutMs: 60_000 }],
    });
  });
});
