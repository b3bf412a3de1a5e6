import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

import type { Contact } from './contact-catalog.js';
import type { CrmFixture } from './crm.fixture.js';
import { ADA, GRACE, openCrm } from './crm.fixture.js';
import type { CrmOptions } from './crm-options.js';

interface Page {
  readonly items: readonly Contact[];
  readonly nextCursor: string | null;
  readonly total: number;
}

let fixture: CrmFixture;

async function open(options: Partial<CrmOptions> = {}): Promise<CrmFixture> {
  fixture = await openCrm(options);
  return fixture;
}

async function page(token: string, query: string): Promise<Page> {
  const response = await fixture.call(`/contacts?${query}`, { token });
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

afterEach(async () => {
  await fixture.crm.close();
});

describe('contacts', () => {
  it('gives every contact exactly once, page by page, even while some change', async () => {
    const { call, connect } = await open({ records: 2345 });
    const { access } = await connect();
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { items, nextCursor, total }: Page = await page(access, `limit=500&cursor=${cursor}`);
      expect(total).toBe(2345);
      seen.push(...items.map(({ id }) => id));
      const change = { token: access, method: 'PATCH', body: { population: seen.length } };
      expect((await call(`/contacts/${seen[0] ?? ''}`, change)).status).toBe(200);
      cursor = nextCursor;
    }
    expect(seen).toHaveLength(2345);
    expect(new Set(seen).size).toBe(2345);
  });

  it('changes a contact and shows the change wherever it is read', async () => {
    const { call, connect } = await open({ records: 10 });
    const { access } = await connect();
    const [before] = (await page(access, 'limit=1')).items;
    const body = { name: 'El Tarter de Dalt' };
    const path = `/contacts/${before?.id ?? ''}`;
    const changed: unknown = await (
      await call(path, { token: access, method: 'PATCH', body })
    ).json();
    expect(changed).toMatchObject({ ...before, ...body, updatedAt: expect.any(String) });
    expect(await (await call(path, { token: access })).json()).toEqual(changed);
    expect((await page(access, 'limit=1')).items[0]).toEqual(changed);
  });

  it.each([
    { request: 'GET /contacts?cursor=bogus', refusal: [400, 'invalid_cursor'] },
    { request: 'GET /contacts?limit=1001', refusal: [400, 'invalid_limit'] },
    { request: 'GET /contacts/place-1', refusal: [404, 'not_found'] },
    { request: 'GET /contacts/place-3039154-1', refusal: [404, 'not_found'] },
    {
      request: 'PATCH /contacts/place-3039154',
      body: { id: 'other' },
      refusal: [422, 'unknown_field'],
    },
    {
      request: 'PATCH /contacts/place-3039154',
      body: { population: '5' },
      refusal: [422, 'invalid_field'],
    },
    { request: 'POST /contacts', body: {}, refusal: [405, 'method_not_allowed'] },
    { request: 'GET /nothing', refusal: [404, 'not_found'] },
    {
      request: 'POST /webhooks',
      body: { url: 'ftp://x', events: ['contact.updated'] },
      refusal: [422, 'invalid_url'],
    },
    {
      request: 'POST /webhooks',
      body: { url: 'http://x', events: ['x'] },
      refusal: [422, 'invalid_events'],
    },
  ])('answers $request with $refusal', async ({ request, body, refusal }) => {
    const { call, connect } = await open({ records: 10 });
    const { access } = await connect();
    const [method = '', path = ''] = request.split(' ');
    const response = await call(path, { token: access, method, ...(body && { body }) });
    const { error } = (await response.json()) as { error: { code: string } };
    expect([response.status, error.code]).toEqual(refusal);
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  it('refuses callers without a token', async () => {
    const { crm, call } = await open();
    expect((await call('/contacts')).status).toBe(401);
    expect((await call('/contacts', { token: 'invented' })).status).toBe(401);
    expect(crm.report().unauthorized).toBe(2);
  });
});

describe('limits and faults', () => {
  it('answers 429 with Retry-After beyond the limit, per account, and goes on afterwards', async () => {
    const { crm, call, connect } = await open({ rateLimitPerSecond: 3 });
    const ada = await connect(ADA);
    const grace = await connect(GRACE);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call('/me', { token: ada.access })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(refused).toHaveLength(7);
    expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(Array(7).fill('1'));
    expect(crm.report().rateLimited).toBe(7);
    expect((await call('/me', { token: grace.access })).status).toBe(200);

    await sleep(1000);
    expect((await call('/me', { token: ada.access })).status).toBe(200);
  });

  it('takes a new limit at once', async () => {
    const { call, connect } = await open({ rateLimitPerSecond: 0 });
    const { access } = await connect();
    await call('/__control/rate-limit', { body: { perSecond: 0.1, burst: 1 } });
    expect((await call('/me', { token: access })).status).toBe(200);
    const refused = await call('/me', { token: access });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
  });

  it('fails as many calls as it is told', async () => {
    const { call, connect } = await open();
    const { access } = await connect();
    await call('/__control/faults', { body: { api: { failNext: 2, status: 502 } } });
    const statuses = [];
    for (let turn = 0; turn < 3; turn += 1) {
      statuses.push((await call('/me', { token: access })).status);
    }
    expect(statuses).toEqual([502, 502, 200]);
  });

  it('is slow when it is told', async () => {
    const { call, connect } = await open();
    const { access } = await connect();
    await call('/__control/faults', { body: { api: { latencyMs: 120 } } });
    const start = performance.now();
    await call('/me', { token: access });
    expect(performance.now() - start).toBeGreaterThanOrEqual(110);
  });

  it('refuses control input that it does not know', async () => {
    const { call } = await open();
    const response = await call('/__control/faults', { body: { api: { failnext: 2 } } });
    expect(response.status).toBe(422);
  });
});
