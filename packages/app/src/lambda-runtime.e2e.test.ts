import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albEvent,
  apiGatewayV1Event,
  apiGatewayV2Event,
  scheduledEvent,
  startEventSourceMapping,
} from '@tenon/testing';
import type { LambdaRuntime } from '@tenon/testing';
import { connectBrowser } from './lambda-browser.fixture.js';
import { caller, operatorQueue, resultOf } from './lambda-calls.fixture.js';
import type { OperatorQueue } from './lambda-calls.fixture.js';
import { bundleFunctions, SHOP_KEY, startCloud } from './lambda-functions.fixture.js';
import type { Cloud, UploadedFunctions } from './lambda-functions.fixture.js';

const others = (process.env['TENON_TEST_NODES'] ?? '').split(',').filter((path) => path !== '');
if (others.length === 0) {
  if (process.env['CI'] !== undefined) throw new Error('TENON_TEST_NODES must name Node 22 and 24');
  process.stderr.write(
    'SKIPPED: the composed app on Lambda under Node 22 and 24; name their binaries in TENON_TEST_NODES, separated by commas\n',
  );
}

const ORDERS = 25;
const POISON = '{"canary":"no job"}';
const PASSWORD = 'canary: a long enough password';

async function until<Value>(
  read: () => Promise<Value>,
  done: (value: Value) => boolean,
): Promise<Value> {
  const end = performance.now() + 50_000;
  for (;;) {
    const value = await read();
    if (done(value)) return value;
    if (performance.now() > end) throw new Error(`Not in time: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

let uploaded: UploadedFunctions;

beforeAll(async () => {
  uploaded = await bundleFunctions();
});

afterAll(async () => {
  await uploaded.remove();
});

describe.each([process.execPath, ...others])('an app under the Lambda runtime of %s', (node) => {
  let cloud: Cloud;
  let queue: OperatorQueue;
  let api: LambdaRuntime;
  let jobs: LambdaRuntime;
  let bearer = '';

  beforeAll(async () => {
    cloud = await startCloud(uploaded, node);
    queue = operatorQueue(cloud.queue);
    api = await cloud.start('api');
    jobs = await cloud.start('jobs');
  });

  afterAll(async () => {
    queue.close();
    await cloud.stop();
  });

  it('declares two parameters at most', async () => {
    const program = `for (const file of process.argv.slice(1)) console.log((await import(file)).handler.length)`;
    const files = ['api', 'jobs', 'schedule', 'migrate', 'websocket'].map((name) =>
      join(uploaded.folder, `${name}.mjs`),
    );
    const { stdout } = await promisify(execFile)(
      node,
      ['--input-type=module', '--eval', program, ...files],
      { env: { APP_SECRET_ID: 'any' } },
    );
    const lengths = stdout.trim().split('\n').map(Number);
    expect(lengths).toHaveLength(5);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2);
  });

  it('migrates the database, once', async () => {
    const migrate = await cloud.start('migrate');
    const first = resultOf<{ applied: string[] }>(await migrate.invoke({}));
    const second = resultOf<{ applied: string[] }>(await migrate.invoke({}));
    expect(first.applied.length).toBeGreaterThan(0);
    expect(second.applied).toEqual([]);
    expect(migrate.log).not.toContain(cloud.secrets['DATABASE_URL']);
  });

  it('signs a user up through all three gateways', async () => {
    const headers = { 'x-tenon-app-key': cloud.appKey };
    const tenant = await caller(api, apiGatewayV2Event).ok<{ id: string }>({
      method: 'POST',
      path: '/api/tenants',
      headers,
      body: { name: 'Acme' },
    });
    await caller(api, apiGatewayV1Event).ok({
      method: 'POST',
      path: `/api/tenants/${tenant.id}/users`,
      headers,
      body: { kind: 'individual', username: 'ada', password: PASSWORD },
    });
    const login = await caller(api, albEvent).ok<{ bearer: string }>({
      method: 'POST',
      path: '/api/login',
      body: { tenantId: tenant.id, username: 'ada', password: PASSWORD },
    });
    expect(login.bearer).toMatch(/^tnn_/);
    bearer = login.bearer;
  });

  it('carries a run to its end, and leaves poison to the dead-letter queue', async () => {
    const { ok } = caller(api, apiGatewayV2Event);
    const post = <Body>(path: string, body: unknown): Promise<Body> =>
      ok({ method: 'POST', path, body, headers: { authorization: `Bearer ${bearer}` } });
    const connection = await post<{ id: string; externalId: string }>('/api/connections', {
      connector: 'shop',
      fields: { apiKey: SHOP_KEY },
    });
    expect(connection.externalId).toBe('shop-1');
    const installation = await post<{ id: string }>('/api/installations', {
      integration: 'orders',
      connections: { shop: connection.id },
    });
    const websocket = await cloud.start('websocket');
    const { ticket } = await post<{ ticket: string }>('/api/websocket-tickets', {});
    const browser = await connectBrowser(websocket, cloud.gateway, ticket);
    await expect(connectBrowser(websocket, cloud.gateway, ticket)).rejects.toThrow('401');
    const topic = `installations/${installation.id}`;
    const subscribed = await browser.send({ type: 'subscribe', topic, id: 's' });
    expect(subscribed).toEqual({ type: 'subscribed', topic, topics: [topic], id: 's' });
    const run = await post<{ id: string }>(`/api/installations/${installation.id}/runs`, {
      job: 'fan',
      input: { count: ORDERS },
    });
    await queue.send(POISON);

    const mapping = startEventSourceMapping({ queue: queue.pollable, runtimes: [jobs] });
    try {
      const ended = await until(
        () =>
          ok<{ state: string }>({
            path: `/api/runs/${run.id}`,
            headers: { authorization: `Bearer ${bearer}` },
          }),
        ({ state }) => !['queued', 'running'].includes(state),
      );
      expect(ended).toMatchObject({
        state: 'succeeded',
        pendingJobs: 0,
        progress: { total: ORDERS, processed: ORDERS },
      });
      const told = await until(
        async () => browser.pushed(),
        (messages) => messages.some((message) => message.includes('run.finished')),
      );
      expect(told.filter((message) => message.includes(run.id))).toEqual(told);
      expect(told.some((message) => message.includes('run.progressed'))).toBe(true);
      expect([...cloud.shop.written].sort()).toEqual(
        Array.from({ length: ORDERS }, (_, index) => `order-${index}`).sort(),
      );
      expect(
        await until(
          () => queue.deadBodies(),
          ({ length }) => length > 0,
        ),
      ).toEqual([POISON]);
    } finally {
      await mapping.stop();
    }
    expect(await queue.count()).toBe(0);
    expect(mapping.stats.deleted).toBeGreaterThanOrEqual(ORDERS + 1);
    expect(mapping.stats.failed).toBeGreaterThanOrEqual(2);
    expect(jobs.log).toContain('A queue message is no job and stays on its queue');
  });

  it('ticks', async () => {
    const schedule = await cloud.start('schedule');
    const ticked = await schedule.invoke(scheduledEvent({ name: 'minute', at: new Date() }));
    expect(resultOf(ticked)).toEqual({ relayed: expect.any(Number) as unknown });
    expect(schedule.starts).toBe(1);
  });

  it('tells users nothing of the inside, and the log everything but secrets', async () => {
    const lost = await cloud.start('api', { APP_SECRET_ID: 'canary/not-there' });
    const answer = await caller(lost, apiGatewayV2Event).call({ path: '/health/live' });
    expect(answer.statusCode).toBeGreaterThanOrEqual(500);
    expect(answer.body).not.toContain('canary');
    expect(lost.log).toContain('SECRET_NOT_FOUND');

    const refused = await caller(api, apiGatewayV2Event).call({
      path: '/api/runs',
      headers: { authorization: 'Bearer canary-token' },
    });
    expect(refused.statusCode).toBe(401);
    expect(refused.body).not.toContain('canary');

    const { secrets, appKey } = cloud;
    expect(bearer).not.toBe('');
    const words = [...Object.values(secrets), appKey, SHOP_KEY, PASSWORD, bearer, 'canary-token'];
    for (const word of words) expect(api.log + jobs.log).not.toContain(word);
  });
});
