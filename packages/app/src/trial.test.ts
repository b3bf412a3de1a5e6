import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineConnector, defineIntegration, parseRecording, silentLogger } from '@tenon/core';
import type { Context, OpenApp, TrialOptions } from '@tenon/core';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import type { MemoryPersistence } from '@tenon/persistence-memory';
import { createMemoryQueue } from '@tenon/queue-memory';
import { createTestPlatform, startScriptedServer, testEncryptor } from '@tenon/testing';
import type { ScriptedServer } from '@tenon/testing';
import { z } from 'zod';

import type { Adapters } from './adapters.js';
import { defineApp } from './define-app.js';

const KEY = 'canary-shop-key-1';

function integrationAt(url: string) {
  const shop = defineConnector({
    name: 'shop',
    display: { label: 'Shop' },
    auth: { type: 'api_key', placement: { in: 'header', name: 'x-shop' } },
    baseUrl: url,
    limits: { maxAttempts: 1 },
    dryRun: {
      isRead: ({ path }) => path === '/search',
      answer: ({ method, body }) =>
        method === 'PUT' ? { status: 201, body: { kept: body as string } } : undefined,
    },
    api: (http) => http,
    identity: async () => ({ externalId: '1', name: 'Shop' }),
  });
  return defineIntegration({
    name: 'orders',
    version: '1.0.0',
    display: { label: 'Orders' },
    connections: { shop },
    config: z.object({}),
    jobs: {
      page: {
        input: z.object({ size: z.number() }),
        run: async (ctx) => {
          const { api } = ctx.connections.shop;
          await api.post('/search', { json: { q: 'x' } });
          const before = await ctx.mappings.find('order', ['1', '2']);
          for (let id = 1; id <= ctx.input.size; id += 1) {
            const made = await api.post('/orders?key=secret-of-query', { json: { number: id } });
            await ctx.mappings.upsert('order', [
              { sourceId: String(id), targetId: JSON.stringify(made) },
            ]);
          }
          const kept = await api.request('PUT', '/orders/1', { json: { said: KEY } });
          await ctx.mappings.delete('order', ['2']);
          ctx.run?.setResult({
            before: before.length,
            count: await ctx.mappings.count('order'),
            status: kept.status,
          });
          await ctx.jobs.enqueue('next', undefined, { delayMs: 3_600_000 });
        },
      },
      next: { run: (ctx) => ctx.run?.addProgress({ processed: 1 }) },
      broken: {
        run: () => {
          throw new Error('broken on purpose');
        },
      },
    },
  });
}

describe('a trial', () => {
  let server: ScriptedServer;
  let persistence: MemoryPersistence;
  let adapters: Adapters;
  let opened: OpenApp;
  let operator: Context;
  let options: TrialOptions;
  const { signal } = new AbortController();

  beforeEach(async () => {
    server = await startScriptedServer(({ path }) => ({ body: { id: 'real', path } }));
    const encryptor = testEncryptor();
    const platform = createTestPlatform();
    persistence = createMemoryPersistence({ encryptor });
    adapters = {
      ...{ platform, persistence, encryptor, logger: silentLogger },
      queue: createMemoryQueue({ queues: ['default'], clock: platform.clock, ids: platform.ids }),
      http: createUndiciHttpClient({ egress: { allow: ['127.0.0.1'] } }),
    };
    const integrations = [integrationAt(server.url)];
    const app = defineApp(() => ({ adapters: () => adapters, integrations }));
    opened = await app.open({});
    const { commands, context } = opened;
    const { id: tenantId } = await commands.tenants.create(context, { name: 'Acme' });
    const owner = await commands.tenants.contextOf(context, { tenantId });
    const { id: userId } = await commands.users.create(owner, { kind: 'individual' });
    operator = await commands.tenants.contextOf(context, { tenantId, userId });
    const fields = { apiKey: KEY };
    const connection = await commands.connections.submit(operator, { connector: 'shop', fields });
    const installation = await commands.installations.create(operator, {
      integration: 'orders',
      connections: { shop: connection.id },
      config: {},
    });
    options = {
      ...{ tenantId, installationId: installation.id, connectionIds: [connection.id] },
      ...{ dryRun: false, replay: null, record: false, follow: 0, secrets: [] },
      onProgress: () => undefined,
    };
    const scope = { tenantId, installationId: installation.id, kind: 'order' };
    const row = { sourceId: '2', targetId: 'old', hash: null, state: null };
    await persistence.mappings.upsertMany(scope, [row, { ...row, sourceId: '9' }], new Date(0));
  });
  afterEach(async () => {
    await opened.close();
    await server.close();
  });

  /** Everything but the trail, which tells of the credential that was used. */
  const stored = () => {
    const {
      audit: _audit,
      auditHeads: _heads,
      ...rest
    } = JSON.parse(persistence.inspection.dump()) as Record<string, unknown>;
    return rest;
  };

  const tryPage = async (overrides: Partial<TrialOptions>, size = 2) => {
    const trial = await opened.trial({ ...options, ...overrides });
    const { installationId } = options;
    if (!installationId) throw new TypeError('no installation');
    const wish = { installationId, job: 'page', input: { size }, signal };
    return { trial, tried: await trial.commands.jobs.tryRun(operator, wish) };
  };

  it('without consequences sends reads, shows writes and stores nothing', async () => {
    const before = stored();
    const runsBefore = await opened.commands.runs.list(operator, {});
    const { trial, tried } = await tryPage({ dryRun: true, follow: 5 });
    expect(tried).toMatchObject({ job: 'page', outcome: 'done', error: null });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /search',
    ]);
    const { runId } = tried;
    if (runId === null) throw new TypeError('no run');
    const run = await trial.commands.runs.get(operator, { runId });
    // One of two was there; one was added, one deleted; the third is below the layer.
    expect(run.result).toEqual({ before: 1, count: 2, status: 201 });
    const next = await trial.next(signal);
    expect(next).toMatchObject({ job: 'next', outcome: 'done' });
    expect(await trial.next(signal)).toBeNull();
    const report = await trial.finish();
    expect(report).toMatchObject({ calls: 1, jobs: [], unasked: 0 });
    expect(report.writes).toEqual([
      ...[1, 2].map((number) => ({
        ...{ connector: 'shop', method: 'POST', status: 200, answeredBy: 'echo' },
        url: `${server.url}/orders?key=[secret]`,
        body: JSON.stringify({ number }),
      })),
      {
        ...{ connector: 'shop', method: 'PUT', status: 201, answeredBy: 'connector' },
        url: `${server.url}/orders/1`,
        body: '{"said":"[secret]"}',
      },
    ]);
    expect(report.mappings).toEqual([{ kind: 'order', written: 2, deleted: 1 }]);
    expect(stored()).toEqual(before);
    expect(await opened.commands.runs.list(operator, {})).toEqual(runsBefore);
    expect(await adapters.queue.status()).toMatchObject([{ waiting: 0, delayed: 0 }]);
  });

  it('for real stores what it did, and leaves its jobs to the workers', async () => {
    const { trial, tried } = await tryPage({}, 1);
    expect(tried.outcome).toBe('done');
    expect(server.requests).toHaveLength(3);
    expect(await trial.finish()).toMatchObject({ calls: 3, writes: [], mappings: [] });
    const runs = await opened.commands.runs.list(operator, {});
    expect(runs.items).toMatchObject([{ job: 'page', state: 'running', pendingJobs: 1 }]);
  });

  it('that fails answers the error, and leaves a dead letter', async () => {
    const trial = await opened.trial(options);
    const { installationId } = options;
    if (!installationId) throw new TypeError('no installation');
    const wish = { installationId, job: 'broken', signal };
    const tried = await trial.commands.jobs.tryRun(operator, wish);
    expect(tried).toMatchObject({ outcome: 'failed', error: { message: 'broken on purpose' } });
    const letters = await opened.commands.deadLetters.list(operator, {});
    expect(letters.items).toMatchObject([{ reason: 'failed', runId: tried.runId }]);
    await expect(
      trial.commands.jobs.tryRun(operator, { ...wish, job: 'brokn' }),
    ).rejects.toMatchObject({ code: 'JOB_NOT_DECLARED' });
  });

  it('is recorded without secrets, and replayed without a network', async () => {
    const { trial } = await tryPage({ record: true }, 1);
    await trial.finish();
    const text = trial.recording({ integration: 'orders', job: 'page', input: { size: 1 } });
    expect(text).not.toContain('canary');
    expect(text).not.toContain('secret-of-query');
    const recording = parseRecording(text);
    expect(recording).toMatchObject({ job: 'page', secretNames: ['x-shop'] });
    await server.close();
    const again = await tryPage({ replay: recording, dryRun: false }, 1);
    expect(again.tried).toMatchObject({ outcome: 'failed' });
    const key = { ...options, secrets: [KEY] };
    const same = await tryPage({ ...key, replay: recording }, 1);
    expect(same.tried).toMatchObject({ outcome: 'done', error: null });
    expect(await same.trial.finish()).toMatchObject({ calls: 3, unasked: 0 });
    const more = await tryPage({ ...key, replay: recording }, 2);
    expect(more.tried).toMatchObject({ outcome: 'failed', error: { code: 'RECORDING_MISMATCH' } });
  });
});
