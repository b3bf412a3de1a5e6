import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { CANARY, failure, startApiWorld } from './api-world.fixture.js';

let world: Awaited<ReturnType<typeof startApiWorld>>;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.close());
beforeEach(() => world.server.reset());

describe('a call', () => {
  it('puts base, path, query, body and credential together', async () => {
    const { client } = await world.setUp();
    world.server.enqueue({ body: { id: 7 } });
    const data = await client.post('/contacts?x=1', {
      query: { q: 'a&b=c', tags: ['x', 'y'], none: undefined, flag: true },
      headers: { Authorization: 'Bearer stolen', 'X-Trace': 't' },
      json: { name: 'Ada' },
      idempotencyKey: 'key-1',
      schema: z.object({ id: z.number() }),
    });
    expect(data).toEqual({ id: 7 });
    const [request] = world.server.requests;
    expect(request?.path).toBe('/api/v1/contacts');
    expect(request?.query.toString()).toBe('x=1&q=a%26b%3Dc&tags=x&tags=y&flag=true');
    expect(request?.body).toBe('{"name":"Ada"}');
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${CANARY}`,
      'content-type': 'application/json',
      'idempotency-key': 'key-1',
      'x-trace': 't',
    });
  });

  it.each([
    {
      auth: { type: 'api_key', placement: { in: 'header', name: 'X-Api-Key' } },
      fields: { apiKey: 'k1' },
      header: ['x-api-key', 'k1'],
    },
    {
      auth: { type: 'basic' },
      fields: { username: 'jörg', password: 'p:w' },
      header: ['authorization', `Basic ${Buffer.from('jörg:p:w').toString('base64')}`],
    },
  ] as const)('places $auth', async ({ auth, fields, header: [name, value] }) => {
    const { client } = await world.setUp({ auth, material: { type: auth.type, fields } });
    world.server.enqueue({ body: {} });
    await client.get('/me');
    expect(world.server.requests[0]?.headers[name]).toBe(value);
  });

  it('places a key in the query and never names it', async () => {
    const auth = { type: 'api_key', placement: { in: 'query', name: 'key' } } as const;
    const material = { type: 'api_key', fields: { apiKey: CANARY } } as const;
    const { client, logger } = await world.setUp({ auth, material });
    world.server.enqueue({ status: 404 });
    const error = await failure(client.get('/me', { query: { secret: CANARY } }));
    expect(world.server.requests[0]?.query.get('key')).toBe(CANARY);
    expect(error['code']).toBe('PROVIDER_REJECTED');
    expect(JSON.stringify([error, error['message'], error['stack']])).not.toContain(CANARY);
    logger.assertNever(CANARY);
  });

  it('follows next links on its own origin and goes nowhere else', async () => {
    const { client } = await world.setUp();
    world.server.enqueue({ body: { page: 2 } });
    await expect(client.get(`${world.server.url}/other?cursor=2`)).resolves.toEqual({ page: 2 });
    for (const path of [
      'https://evil.example/x',
      `${world.server.url}@evil.example/`,
      `${world.server.url}.evil.example/`,
      '//evil.example/x',
      '/\\evil.example',
      '/contacts/../../admin',
      '/contacts/%2e%2e/admin',
      '..',
      'ftp://evil.example/',
      '/a#b',
      '/a\nb',
    ]) {
      expect((await failure(client.get(path)))['code']).toBe('API_PATH_REFUSED');
    }
    expect(world.server.requests).toHaveLength(1);
  });

  it('reads empty, text and malformed answers', async () => {
    const { client } = await world.setUp();
    world.server.enqueue({ status: 204 }, { body: 'a,b' });
    await expect(client.delete('/x')).resolves.toBeNull();
    await expect(client.get('/x.csv')).resolves.toBe('a,b');
    const json = { 'content-type': 'application/json' };
    world.server.enqueue({ body: `{"a": "${CANARY}`, headers: json }, { body: { id: CANARY } });
    const broken = await failure(client.get('/x'));
    expect(broken).toMatchObject({ code: 'PROVIDER_INVALID_RESPONSE', retryable: true });
    const misfit = await failure(client.get('/x', { schema: z.object({ id: z.number() }) }));
    expect(misfit).toMatchObject({
      code: 'PROVIDER_INVALID_RESPONSE',
      retryable: false,
      details: { places: ['id'] },
    });
    expect(JSON.stringify([broken, misfit, misfit['message']])).not.toContain(CANARY);
  });

  it('answers accepted statuses and does not follow redirects', async () => {
    const { client } = await world.setUp();
    world.server.enqueue(
      { status: 422, body: { errors: ['x'] } },
      { status: 302, headers: { location: '/y' } },
    );
    const response = await client.request('POST', '/batch', { acceptStatus: [422] });
    expect(response).toMatchObject({ status: 422, data: { errors: ['x'] } });
    expect(await failure(client.get('/moved'))).toMatchObject({
      code: 'PROVIDER_REJECTED',
      details: { status: 302 },
    });
    expect(world.server.requests).toHaveLength(2);
  });
});
