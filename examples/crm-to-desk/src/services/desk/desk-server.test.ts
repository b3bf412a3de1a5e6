import { randomBytes } from 'node:crypto';

import { afterEach, describe, expect, it } from '@jest/globals';

import type { DeskOptions } from './desk-options.js';
import type { DeskServer } from './desk-server.js';
import { createDeskServer } from './desk-server.js';

const apiKey = randomBytes(24).toString('base64url');
let desk: DeskServer;

async function open(options: Partial<DeskOptions> = {}): Promise<void> {
  desk = await createDeskServer({ apiKey, outageRate: 0, ...options });
}

afterEach(async () => {
  await desk.close();
});

async function get(path: string, key: string = apiKey): Promise<Response> {
  return await fetch(desk.url + path, { headers: { 'x-api-key': key } });
}

async function send(body: unknown, key?: string): Promise<Response> {
  return await post('/records/batch', body, key === undefined ? {} : { 'idempotency-key': key });
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return await fetch(desk.url + path, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function statuses(response: Response): Promise<string[]> {
  expect(response.status).toBe(200);
  const { results } = (await response.json()) as { results: { status: string }[] };
  return results.map(({ status }) => status);
}

const oslo = { externalId: 'no-1', name: 'Oslo', country: 'NO' };
const bergen = { externalId: 'no-2', name: 'Bergen', country: 'NO' };

describe('the desk', () => {
  it('lets nobody in without the key', async () => {
    await open();
    expect((await get('/account', 'wrong')).status).toBe(401);
    expect((await fetch(`${desk.url}/records/count`)).status).toBe(401);
    expect(await (await get('/account')).json()).toMatchObject({ name: 'Example Desk' });
    expect(desk.report()).toMatchObject({ requests: 3, unauthorized: 2 });
  });

  it('creates, updates, leaves and rejects records of one batch, each for itself', async () => {
    await open();
    expect(await statuses(await send({ records: [oslo, bergen] }))).toEqual(['created', 'created']);
    const response = await send({
      records: [
        oslo,
        { ...bergen, country: 'SE' },
        { externalId: 'no-3', name: 'Å' },
        { name: 'x' },
      ],
    });
    expect(await response.json()).toMatchObject({
      results: [
        { externalId: 'no-1', status: 'unchanged' },
        { externalId: 'no-2', status: 'updated' },
        { externalId: 'no-3', status: 'rejected', error: { code: 'name_too_short' } },
        { externalId: null, status: 'rejected', error: { code: 'external_id_missing' } },
      ],
    });
    expect(await (await get('/records/no-2')).json()).toEqual({ ...bergen, country: 'SE' });
    expect((await get('/records/no-3')).status).toBe(404);
    expect(await (await get('/records/count')).json()).toEqual({ count: 2 });
    expect(desk.report()).toMatchObject({
      results: { created: 2, updated: 1, unchanged: 1, rejected: 2 },
      stored: 2,
      distinctRejected: 1,
      writesHistogram: { '1': 1, '2': 1 },
      changedMoreThanOnce: 1,
    });
  });

  it('answers a repeated Idempotency-Key as it did at first and writes nothing', async () => {
    await open();
    const batch = { records: [oslo, { externalId: 'no-3', name: 'Å' }] };
    const first = await send(batch, 'k1');
    await send({ records: [{ ...oslo, country: 'DK' }] });
    const again = await send(batch, 'k1');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.json()).toEqual(await first.json());
    expect(await (await get('/records/no-1')).json()).toMatchObject({ country: 'DK' });
    expect(desk.report()).toMatchObject({ batchesApplied: 2, batchesReplayed: 1 });
  });

  it('refuses an Idempotency-Key with another body', async () => {
    await open();
    await send({ records: [oslo] }, 'k1');
    const response = await send({ records: [bergen] }, 'k1');
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { code: 'idempotency_key_reused' } });
    expect(desk.report().stored).toBe(1);
  });

  it.each([
    [{ records: Array(501).fill(oslo) }, 422, 'batch_too_large'],
    [{ records: [1] }, 400, 'invalid_batch'],
    [{}, 400, 'invalid_batch'],
    [[], 400, 'invalid_json'],
  ])('refuses a bad batch %#', async (body, status, code) => {
    await open();
    const response = await send(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  it('pages through its records', async () => {
    await open();
    const records = Array.from({ length: 25 }, (_, index) => ({
      externalId: `r-${index}`,
      name: 'Same name',
    }));
    await send({ records });
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const response = await get(`/records?limit=10&cursor=${cursor}`);
      const page = (await response.json()) as { items: unknown[]; nextCursor: string | null };
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(records);
  });
});

describe('outages', () => {
  it('before the write leave nothing behind', async () => {
    await open({ retryAfterSeconds: 2 });
    await post('/__control/outages', { failNextBefore: 1 });
    const response = await send({ records: [oslo] }, 'k1');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(desk.report()).toMatchObject({ stored: 0, outages: { before: 1, after: 0 } });
    expect(await statuses(await send({ records: [oslo] }, 'k1'))).toEqual(['created']);
  });

  it('after the write have written, and a retry with the same key hears so', async () => {
    await open();
    await post('/__control/outages', { failNextAfter: 1 });
    const response = await send({ records: [oslo] }, 'k1');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, null]);
    expect(desk.report()).toMatchObject({ stored: 1, outages: { before: 0, after: 1 } });
    expect(await statuses(await send({ records: [oslo] }, 'k1'))).toEqual(['created']);
    expect(desk.report().results).toMatchObject({ created: 1, unchanged: 0 });
  });

  it('after the write show a retry without a key that nothing changed', async () => {
    await open();
    await post('/__control/outages', { failNextAfter: 1 });
    expect((await send({ records: [oslo] })).status).toBe(503);
    expect(await statuses(await send({ records: [oslo] }))).toEqual(['unchanged']);
    expect(desk.report().changedMoreThanOnce).toBe(0);
  });

  it('come by themselves at the given rate, and a reset forgets all of it', async () => {
    await open({ outageRate: 0.5, outageSeed: 3 });
    const answers = [];
    for (let turn = 0; turn < 40; turn += 1) answers.push((await send({ records: [oslo] })).status);
    const { before, after } = desk.report().outages;
    expect(answers.filter((status) => status === 503)).toHaveLength(before + after);
    expect(before).toBeGreaterThan(0);
    expect(after).toBeGreaterThan(0);
    await post('/__control/reset', {});
    expect(desk.report()).toMatchObject({ stored: 0, outages: { before: 0, after: 0 } });
  });

  it('cannot be set to what they do not have', async () => {
    await open();
    expect((await post('/__control/outages', { toString: 1 })).status).toBe(422);
    expect((await post('/__control/outages', { rate: 'often' })).status).toBe(422);
  });
});
