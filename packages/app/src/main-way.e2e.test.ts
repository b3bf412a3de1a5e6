import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WEBHOOK_JOB } from '@tenon/core';
import type { ServiceActivity } from '@tenon/core';
import { signUp } from './api-client.fixture.js';
import type { Person } from './api-client.fixture.js';
import {
  SHOP_KEY,
  SHOP_SECRET,
  shopIntegration,
  signedWebhook,
  startShop,
} from './shop.fixture.js';
import type { Shop } from './shop.fixture.js';
import { testDatabases } from './databases.fixture.js';
import { APP_KEY, HEALTH_KEY, startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

interface RunDto {
  id: string;
  state: string;
  pendingJobs: number;
  deadJobs: number;
  progress: { processed: number; total: number };
}

describe.each(testDatabases)('the main way through the app, over HTTP, on $name', ({ open }) => {
  let shop: Shop;
  let tenon: TestApp;
  let person: Person;
  let connectionId: string;
  let installationId: string;
  const heard: ServiceActivity[] = [];

  beforeAll(async () => {
    shop = await startShop();
    const persistence = await open();
    const integrations = [shopIntegration(shop.server.url)];
    const onActivity = (activity: ServiceActivity): void => void heard.push(activity);
    tenon = await startTestApp({ integrations, onActivity, ...(persistence && { persistence }) });
    person = await signUp(tenon.url);
  });

  afterAll(async () => {
    await tenon.close();
    await shop.server.close();
  });

  const run = (id: string): Promise<RunDto> => person.api.ok<RunDto>('GET', `/api/runs/${id}`);

  it('refuses a wrong key, with words of its own, and keeps nothing', async () => {
    const wrong = await person.api.call('POST', '/api/connections', {
      connector: 'shop',
      fields: { apiKey: 'wrong-key' },
    });
    expect(wrong.status).toBeGreaterThanOrEqual(400);
    expect(wrong.text).not.toContain('wrong-key');
    expect(await person.api.ok('GET', '/api/connections')).toEqual({ items: [], nextCursor: null });
  });

  it('connects, tests and renames an account', async () => {
    const made = await person.api.ok<{ id: string; externalId: string }>(
      'POST',
      '/api/connections',
      {
        connector: 'shop',
        fields: { apiKey: SHOP_KEY },
      },
    );
    connectionId = made.id;
    expect(made).toMatchObject({
      connector: 'shop',
      externalId: 'shop-1',
      name: 'Shop',
      state: 'active',
    });
    expect(JSON.stringify(made)).not.toContain(SHOP_KEY);
    expect(await person.api.ok('POST', `/api/connections/${made.id}/test`)).toMatchObject({
      ok: true,
    });
    const renamed = await person.api.ok('PATCH', `/api/connections/${made.id}`, {
      name: 'Our shop',
    });
    expect(renamed).toMatchObject({ id: made.id, name: 'Our shop' });
  });

  it('installs once, and says what is wrong before it writes', async () => {
    const body = { integration: 'orders', connections: { shop: connectionId } };
    const wrong = await person.api.call('POST', '/api/installations', {
      ...body,
      config: { prefix: 7 },
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('prefix');
    expect(await person.api.ok('GET', '/api/installations')).toEqual({
      items: [],
      nextCursor: null,
    });
    const made = await person.api.ok<{ id: string }>('POST', '/api/installations', body);
    installationId = made.id;
    expect(made).toMatchObject({ status: 'enabled', config: { prefix: 'order' } });
    expect((await person.api.call('POST', '/api/installations', body)).status).toBe(409);
    const both = await person.api.call('GET', '/api/installations?include=connections');
    expect(both.body).toMatchObject({
      items: [{ id: installationId, connections: { shop: connectionId } }],
      included: { connections: [{ id: connectionId, connector: 'shop', state: 'active' }] },
    });
    expect(both.text).not.toContain(SHOP_KEY);
    const unknown = await person.api.call('GET', '/api/installations?include=credentials');
    expect(unknown).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
  });

  it('runs jobs to the end and counts exactly', async () => {
    const started = await person.api.ok<RunDto>(
      'POST',
      `/api/installations/${installationId}/runs`,
      {
        job: 'fan',
        input: { count: 25 },
        key: 'first',
      },
    );
    const again = await person.api.ok<RunDto>('POST', `/api/installations/${installationId}/runs`, {
      job: 'fan',
      input: { count: 25 },
      key: 'first',
    });
    expect(again.id).toBe(started.id);
    await tenon.drain();
    expect(await run(started.id)).toMatchObject({
      state: 'succeeded',
      pendingJobs: 0,
      progress: { total: 25, processed: 25 },
    });
    expect(new Set(shop.written).size).toBe(25);
    expect(shop.written).toHaveLength(25);
  });

  it('keeps what cannot be done as a dead letter, and goes on when the run is resumed', async () => {
    shop.nextStatuses.push(422);
    const { id } = await person.api.ok<RunDto>(
      'POST',
      `/api/installations/${installationId}/runs`,
      {
        job: 'fan',
        input: { count: 3 },
      },
    );
    await tenon.drain();
    expect(await run(id)).toMatchObject({ state: 'failed', deadJobs: 1, pendingJobs: 0 });
    const letters = await person.api.ok<{ items: { reason: string; error: { code: string } }[] }>(
      'GET',
      '/api/dead-letters',
    );
    expect(letters.items).toHaveLength(1);
    expect(letters.items[0]).toMatchObject({
      reason: 'failed',
      error: { code: 'PROVIDER_REJECTED' },
    });
    await person.api.ok('POST', `/api/runs/${id}/resume`);
    await tenon.drain();
    expect(await run(id)).toMatchObject({
      state: 'succeeded',
      deadJobs: 0,
      progress: { processed: 3 },
    });
    expect(await person.api.ok('GET', '/api/dead-letters')).toMatchObject({ items: [] });
  });

  it('parks the jobs of a disabled installation and lets them go on when it is enabled', async () => {
    const { id } = await person.api.ok<RunDto>(
      'POST',
      `/api/installations/${installationId}/runs`,
      {
        job: 'fan',
        input: { count: 2 },
      },
    );
    await person.api.ok('POST', `/api/installations/${installationId}/disable`);
    await tenon.drain();
    const parked = await person.api.ok<{ items: { reason: string }[] }>('GET', '/api/dead-letters');
    expect(parked.items.map(({ reason }) => reason)).toEqual(['installation_disabled']);
    await person.api.ok('POST', `/api/installations/${installationId}/enable`);
    await tenon.drain();
    expect(await run(id)).toMatchObject({ state: 'succeeded', progress: { processed: 2 } });
  });

  it('takes a signed webhook once and refuses others', async () => {
    const { items } = await tenon.app.adapters.persistence.webhookEndpoints
      .list(person.tenantId as never, installationId as never)
      .then((list) => ({ items: list }));
    const path = `/api/webhooks/${items[0]?.id ?? ''}`;
    const good = signedWebhook('delivery-1', { id: 'from-webhook' });
    const send = (headers: Record<string, string>, body: string) =>
      fetch(tenon.url + path, { method: 'POST', headers, body }).then(async (response) => ({
        status: response.status,
        body: (await response.json()) as { status?: string; code?: string },
      }));
    expect(await send(good.headers, good.body)).toMatchObject({
      status: 202,
      body: { status: 'accepted' },
    });
    expect(await send(good.headers, good.body)).toMatchObject({
      status: 202,
      body: { status: 'duplicate' },
    });
    const changed = await send(good.headers, good.body.replace('from', 'for'));
    expect(changed).toMatchObject({ status: 401, body: { code: 'WEBHOOK_SIGNATURE_INVALID' } });
    const skipped = signedWebhook('delivery-2', { other: true });
    await send(skipped.headers, skipped.body);
    await tenon.drain();
    expect(shop.written.filter((id) => id === 'from-webhook')).toHaveLength(1);
    const deliveries = await person.api.ok<{ items: { status: string; reason: string | null }[] }>(
      'GET',
      `/api/installations/${installationId}/webhook-deliveries`,
    );
    expect(deliveries.items.map(({ status }) => status).sort()).toEqual(['processed', 'skipped']);
  });

  it('calls declared actions and no others', async () => {
    const path = `/api/installations/${installationId}/actions`;
    const counted = await person.api.ok<{ result: { orders: number } }>(
      'POST',
      `${path}/count`,
      {},
    );
    expect(counted.result.orders).toBeGreaterThan(0);
    for (const name of ['onCreate', 'fan', 'constructor', '__proto__']) {
      expect((await person.api.call('POST', `${path}/${name}`, {})).status).toBe(404);
    }
  });

  it('will not delete a connection in use; deleting the installation frees it', async () => {
    const refused = await person.api.call('DELETE', `/api/connections/${connectionId}`);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain(installationId);
    await person.api.ok('DELETE', `/api/installations/${installationId}`);
    const again = await person.api.call('DELETE', `/api/installations/${installationId}`);
    expect(again.status).toBe(404);
    await person.api.ok('DELETE', `/api/connections/${connectionId}`);
    expect(await person.api.ok('GET', '/api/connections')).toMatchObject({ items: [] });
  });

  it('answers health; details to who has the key', async () => {
    expect((await person.api.call('GET', '/health/live')).body).toEqual({ status: 'ok' });
    expect((await person.api.call('GET', '/health/ready')).status).toBe(200);
    expect((await person.api.call('GET', '/health/detailed')).status).toBe(401);
    const detailed = await person.api
      .as({ 'x-tenon-health-key': HEALTH_KEY })
      .call('GET', '/health/detailed');
    expect(detailed.status).toBe(200);
    expect(detailed.text).toContain('encryption');
  });

  it('has told of jobs, runs and webhooks, and of no input', () => {
    const told = heard.map((each) => (each.kind === 'run' ? each.state : each.result));
    const ofKind = (kind: ServiceActivity['kind']) =>
      new Set(told.filter((_, index) => heard[index]?.kind === kind));
    expect([...ofKind('webhook')].sort()).toEqual(['accepted', 'duplicate', 'refused']);
    expect([...ofKind('job')]).toEqual(expect.arrayContaining(['done', 'dead', 'parked']));
    expect([...ofKind('run')]).toEqual(expect.arrayContaining(['queued', 'running', 'succeeded']));
    const webhook = heard.find(({ kind }) => kind === 'webhook');
    const jobs = heard.filter((each) => each.kind === 'job' && each.job === WEBHOOK_JOB);
    expect(jobs).toContainEqual(
      expect.objectContaining({ requestId: webhook?.kind === 'webhook' && webhook.requestId }),
    );
    expect(JSON.stringify(heard)).not.toContain('from-webhook');
  });

  it('has let no secret out', () => {
    const password = 'a long enough password';
    tenon.logger.assertNever(SHOP_KEY, SHOP_SECRET, person.bearer, password, APP_KEY, HEALTH_KEY);
  });
});
