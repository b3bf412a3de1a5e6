import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CANARY, failure, startApiWorld } from './api-world.fixture.js';

let world: Awaited<ReturnType<typeof startApiWorld>>;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.close());
beforeEach(() => world.server.reset());

describe('repeating', () => {
  it('waits as Retry-After says, in seconds or as a date, then goes on', async () => {
    const { client, clock, seen } = await world.setUp();
    const date = new Date(clock.now().getTime() + 12_000).toUTCString();
    world.server.enqueue(
      { status: 429, headers: { 'retry-after': '2' } },
      { status: 503, headers: { 'retry-after': date } },
      { body: { ok: 1 } },
    );
    await expect(client.post('/x', { json: {} })).resolves.toEqual({ ok: 1 });
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(12_000);
    expect(clock.monotonicMs()).toBeLessThan(14_500);
    expect(seen.map(({ type, data }) => [type, (data as { cause?: string }).cause])).toEqual([
      ['http.retried', 'rate_limit'],
      ['http.retried', 'unavailable'],
    ]);
  });

  it.each([
    ['GET', {}, 3],
    ['PUT', { json: {} }, 3],
    ['POST', { json: {} }, 1],
    ['POST', { json: {}, idempotencyKey: 'k' }, 3],
    ['PATCH', { json: {} }, 1],
  ] as const)('%s %j after an unclear outcome: %d requests', async (method, options, requests) => {
    const { client } = await world.setUp({ limits: { maxAttempts: 3 } });
    world.server.enqueue({ status: 500 }, { drop: 'mid-answer', body: 'gone' }, { status: 502 });
    const error = await failure(client.request(method, '/x', options));
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true });
    expect(world.server.requests).toHaveLength(requests);
  });

  it('repeats a POST without key after a 401 that a refresh mended, and only once', async () => {
    const { client } = await world.setUp();
    world.server.enqueue(
      { status: 401 },
      { body: { access_token: 'fresh', expires_in: '60' } },
      { status: 401 },
    );
    expect(await failure(client.post('/x', { json: {} }))).toMatchObject({
      code: 'PROVIDER_REJECTED',
      details: { status: 401 },
    });
    expect(world.server.requests.map(({ path }) => path)).toEqual([
      '/api/v1/x',
      '/token',
      '/api/v1/x',
    ]);
    expect(world.server.requests[2]?.headers.authorization).toBe('Bearer fresh');
    world.server.enqueue({ status: 401 });
    await failure(client.post('/x', { json: {} }));
    expect(world.server.requests.filter(({ path }) => path === '/token')).toHaveLength(1);
  });

  it('ends as rate limited when the wait is longer than the time left, so that the job is put off', async () => {
    const { client, factory, connector, connection, logger } = await world.setUp({
      limits: { totalTimeoutMs: 5_000 },
    });
    world.server.enqueue({ status: 429, headers: { 'retry-after': '60' } });
    const error = await failure(client.get('/x'));
    expect(error).toMatchObject({ code: 'PROVIDER_RATE_LIMITED', retryable: true });
    expect(error['retryAfterMs']).toBeGreaterThanOrEqual(60_000);
    // The pause holds for every client of the connection in this process, without asking the provider.
    const other = factory.create(connector, connection, { logger });
    expect(await failure(other.get('/y'))).toMatchObject({ code: 'PROVIDER_RATE_LIMITED' });
    expect(world.server.requests).toHaveLength(1);
  });

  it('times out per attempt', async () => {
    const { client } = await world.setUp({ limits: { maxAttempts: 2 } });
    world.server.enqueue({ delayMs: 500, body: {} }, { delayMs: 500, body: {} });
    expect(await failure(client.get('/slow', { timeoutMs: 30 }))).toMatchObject({
      code: 'PROVIDER_TIMEOUT',
    });
    expect(world.server.requests).toHaveLength(2);
  });

  it('stops at the signal of the client or of the call', async () => {
    const { factory, connector, connection, logger } = await world.setUp();
    const ofClient = new AbortController();
    const ofCall = new AbortController();
    const client = factory.create(connector, connection, { logger, signal: ofClient.signal });
    world.server.enqueue({ delayMs: 1_000 }, { delayMs: 1_000 });
    const first = failure(client.get('/a', { signal: ofCall.signal }));
    const second = failure(client.get('/b'));
    setTimeout(() => ofCall.abort(new Error('call')), 30);
    setTimeout(() => ofClient.abort(new Error('client')), 60);
    expect((await first)['message']).toBe('call');
    expect((await second)['message']).toBe('client');
    expect((await failure(client.get('/c')))['message']).toBe('client');
  });
});

describe('a key that the provider refuses', () => {
  it('is tried once more, then a person has to connect again', async () => {
    const auth = { type: 'api_key', placement: { in: 'header', name: 'x-api-key' } } as const;
    const { client, persistence, connection } = await world.setUp({
      auth,
      material: { type: 'api_key', fields: { apiKey: CANARY } },
    });
    world.server.enqueue({ status: 401 }, { body: {} }, { status: 401 }, { status: 401 });
    await client.get('/flaky');
    expect(await failure(client.get('/x'))).toMatchObject({
      code: 'CONNECTION_NEEDS_REAUTHORIZATION',
    });
    const stored = await persistence.connections.find(connection.tenantId, connection.id);
    expect(stored?.state).toBe('needs_reauthorization');
  });
});
