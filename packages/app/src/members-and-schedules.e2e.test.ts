import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { signUp } from './api-client.fixture.js';
import type { Person } from './api-client.fixture.js';
import { SHOP_KEY, shopIntegration, startShop } from './shop.fixture.js';
import type { Shop } from './shop.fixture.js';
import { startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

interface Row {
  readonly id: string;
}

interface List<T = Row> {
  readonly items: readonly T[];
}

describe('over HTTP', () => {
  let shop: Shop;
  let tenon: TestApp;
  let person: Person;

  beforeAll(async () => {
    shop = await startShop();
    const persistence = createMemoryPersistence();
    tenon = await startTestApp({ integrations: [shopIntegration(shop.server.url)], persistence });
    person = await signUp(tenon.url, 'organization');
  });

  afterAll(async () => {
    await tenon.close();
    await shop.server.close();
  });

  it('members are added, listed from both sides, changed and removed', async () => {
    const { api, userId: organizationId } = person;
    const path = `/api/users/${organizationId}/members`;
    const owner = await api.ok<Row>('POST', '/api/users', {});
    const first = { userId: owner.id, role: 'owner' };
    const added = await api.ok('POST', path, first);
    expect(added).toMatchObject({ ...first, organizationId });
    const repeated = await api.call('POST', path, first);
    expect(repeated).toMatchObject({ status: 409, body: { code: 'MEMBERSHIP_EXISTS' } });
    const second = await api.ok<Row>('POST', '/api/users', { organizationId });
    const list = async (query = '') => (await api.ok<List>('GET', path + query)).items;
    expect(await list()).toHaveLength(2);
    expect(await list('?role=owner')).toEqual([added]);
    const of = await api.ok<List>('GET', `/api/users/${second.id}/organizations`);
    expect(of.items).toMatchObject([{ organizationId, userId: second.id, role: 'member' }]);
    const last = await api.call('DELETE', `${path}/${owner.id}`);
    expect(last).toMatchObject({ status: 409, body: { code: 'LAST_OWNER' } });
    const promoted = await api.ok('PATCH', `${path}/${second.id}`, { role: 'owner' });
    expect(promoted).toMatchObject({ role: 'owner' });
    expect((await api.call('DELETE', `${path}/${owner.id}`)).status).toBe(204);
    expect(await list()).toEqual([promoted]);
  });

  it('an account is connected by a form, and its installation gets a schedule', async () => {
    const { api } = person;
    const forms = '/api/connections/forms';
    const started = await api.ok<{ form: string }>('POST', forms, { connector: 'shop' });
    expect(started).toMatchObject({ step: 1, totalSteps: 1, fields: [{ name: 'apiKey' }] });
    const { form } = started;
    const send = (apiKey: string) =>
      api.call('POST', `${forms}/steps`, { form, step: 1, fields: { apiKey } });
    expect(await send('wrong')).toMatchObject({ body: { code: 'CREDENTIAL_REJECTED' } });
    const sent = await send(SHOP_KEY);
    expect(sent).toMatchObject({ status: 200, body: { next: null } });
    const { connection } = sent.body as { connection: Row };
    expect((await send(SHOP_KEY)).body).toMatchObject({ code: 'AUTHORIZATION_INVALID' });
    const installation = await api.ok<Row>('POST', '/api/installations', {
      ...{ integration: 'orders', connections: { shop: connection.id } },
    });
    const path = `/api/installations/${installation.id}/schedules`;
    const at = new Date(Date.now() + 300).toISOString();
    const wish = { name: 'soon', job: 'fan', input: { count: 1 } };
    const bad = await api.call('POST', path, {
      ...wish,
      when: { kind: 'cron', cron: '99 * * * *' },
    });
    expect(bad).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    const schedule = await api.ok<Row>('POST', path, { ...wish, when: { kind: 'once', at } });
    expect(schedule).toMatchObject({ ...wish, kind: 'once', runAt: at, nextAt: at, enabled: true });
    expect((await api.ok<List>('GET', `${path}?enabled=true`)).items).toEqual([schedule]);
    expect((await api.ok<List>('GET', `${path}?enabled=false`)).items).toEqual([]);
    const { commands, adapters } = tenon.app;
    const context = {
      requestId: 'tick-of-a-test',
      actor: 'system',
      logger: adapters.logger,
    } as const;
    for (let started = 0; started === 0;)
      ({ started } = await commands.schedules.tick(context, { since: new Date() }));
    const ended = await api.ok<{ lastRunId: string }>('GET', `${path}/${schedule.id}`);
    expect(ended).toMatchObject({ enabled: false, nextAt: null, missed: 0 });
    await tenon.drain();
    expect(await api.ok('GET', `/api/runs/${ended.lastRunId}`)).toMatchObject({ job: 'fan' });
    const again = await api.call('PATCH', `${path}/${schedule.id}`, { enabled: true });
    expect(again).toMatchObject({ body: { code: 'SCHEDULE_ENDED' } });
    const every = { kind: 'every', everyMs: 3_600_000 };
    const changed = await api.ok('PATCH', `${path}/${schedule.id}`, { when: every, enabled: true });
    expect(changed).toMatchObject({ ...every, enabled: true });
    expect((await api.call('DELETE', `${path}/${schedule.id}`)).status).toBe(204);
    expect((await api.ok<List>('GET', path)).items).toEqual([]);
  });
});
