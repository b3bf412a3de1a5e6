import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AppContext, TenantDeletion, TenantId } from '@tenon/core';
import { ApiCaller, signUp } from './api-client.fixture.js';
import type { Person } from './api-client.fixture.js';
import { testDatabases } from './databases.fixture.js';
import { SHOP_KEY, shopIntegration, startShop } from './shop.fixture.js';
import type { Shop } from './shop.fixture.js';
import { APP_KEY, startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

interface Row {
  readonly id: string;
}

interface List {
  readonly items: readonly Row[];
}

describe.each(testDatabases)('deleting a tenant, on $name', ({ open }) => {
  let shop: Shop;
  let tenon: TestApp;
  let backEnd: ApiCaller;

  beforeAll(async () => {
    shop = await startShop();
    const persistence = await open();
    const integrations = [shopIntegration(shop.server.url)];
    tenon = await startTestApp({ integrations, ...(persistence && { persistence }) });
    backEnd = new ApiCaller(tenon.url, { 'x-tenon-app-key': APP_KEY });
  });

  afterAll(async () => {
    await tenon.close();
    await shop.server.close();
  });

  /** A tenant with a user, a connection and an installation with a run. */
  async function filled(): Promise<Person> {
    const person = await signUp(tenon.url);
    const { api } = person;
    const account = { connector: 'shop', fields: { apiKey: SHOP_KEY } };
    const connection = await api.ok<Row>('POST', '/api/connections', account);
    const wish = { integration: 'orders', connections: { shop: connection.id } };
    const installation = await api.ok<Row>('POST', '/api/installations', wish);
    const run = { job: 'fan', input: { count: 2 } };
    await api.ok('POST', `/api/installations/${installation.id}/runs`, run);
    return person;
  }

  const context = (): AppContext => ({
    ...{ requestId: 'deletion', actor: 'app', logger: tenon.logger },
  });

  it('shuts it at once and deletes it in the background, over HTTP', async () => {
    const [gone, kept] = [await filled(), await filled()];
    const path = `/api/tenants/${gone.tenantId}`;
    for (const _ of [1, 2]) {
      const asked = await backEnd.call('DELETE', path);
      expect(asked).toMatchObject({ status: 202, body: { status: 'deleting' } });
    }
    expect(await gone.api.call('GET', '/api/connections')).toMatchObject({ status: 401 });
    const refused = { status: 409, body: { code: 'TENANT_DELETING' } };
    expect(await backEnd.call('PATCH', path, { status: 'active' })).toMatchObject(refused);
    expect(await backEnd.call('POST', `${path}/users`, {})).toMatchObject(refused);
    const counts = await tenon.app.commands.maintenance.sweep(context(), {});
    expect(counts).toMatchObject({ tenants: 1 });
    expect(await backEnd.call('GET', path)).toMatchObject({ status: 404 });
    expect(await backEnd.call('DELETE', path)).toMatchObject({ status: 404 });
    await tenon.drain();
    const left = await kept.api.ok<List>('GET', '/api/installations');
    expect(left.items).toHaveLength(1);
    const { items } = await kept.api.ok<List>('GET', '/api/runs');
    expect(items).toMatchObject([{ state: 'succeeded' }]);
  });

  it('deletes it and waits, by command, from where it was stopped', async () => {
    const { tenantId } = await filled();
    const id = tenantId as TenantId;
    const { tenants } = tenon.app.commands;
    const stop = new AbortController();
    const onProgress = ({ rows }: TenantDeletion): void => {
      if (rows > 0) stop.abort();
    };
    const stoppable = { ...context(), signal: stop.signal };
    const stopped = await tenants.delete(stoppable, { tenantId: id, onProgress });
    expect(stopped).toMatchObject({ installations: 1, connections: 1, finished: false });
    expect(await tenants.get(context(), { tenantId: id })).toMatchObject({ status: 'deleting' });
    const deletion = await tenants.delete(context(), { tenantId: id });
    expect(deletion).toMatchObject({ installations: 0, connections: 0, finished: true });
    expect(deletion.rows).toBeGreaterThan(1);
    const { archive } = tenon.app.adapters.persistence;
    const reader = await archive.openReader();
    const counts = await Promise.all(
      (['tenants', 'users', 'tokens', 'runs', 'audit'] as const).map((entity) =>
        reader.count(id, entity),
      ),
    );
    await reader.close();
    expect(counts).toEqual([0, 0, 0, 0, 0]);
  });
});
