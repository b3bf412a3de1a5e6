import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import type { MemoryPersistence } from '@tenon/persistence-memory';
import { signUp } from './api-client.fixture.js';
import type { Person } from './api-client.fixture.js';
import { SHOP_KEY, shopIntegration, signedWebhook, startShop } from './shop.fixture.js';
import type { Shop } from './shop.fixture.js';
import { startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
  }[];
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: Schema } };
  };
}

interface Route extends Operation {
  readonly method: string;
  readonly path: string;
}

/** Ids of the victim, by the name of the path parameter that takes them. */
type Ids = Readonly<Record<string, string>>;

/** Routes whose path names something that every tenant shares. */
const SHARED = new Set(['getConnector', 'getIntegration']);

/** A body that fits the schema, with the victim's ids wherever a property is called like one. */
function bodyOf(schema: Schema, ids: Ids, name = ''): unknown {
  if (ids[name] !== undefined) return ids[name];
  if (schema.const !== undefined) return schema.const;
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first) return bodyOf(first, ids, name);
  if (schema.enum) return schema.enum[0];
  if (name === 'connections') return { shop: ids['connectionId'] };
  if (name === 'fields') return { apiKey: SHOP_KEY };
  if (schema.type === 'object') {
    const entries = Object.entries(schema.properties ?? {});
    return Object.fromEntries(entries.map(([key, property]) => [key, bodyOf(property, ids, key)]));
  }
  if (schema.type === 'integer' || schema.type === 'number') return 1;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'array') return [];
  // The back end's alone to choose.
  if (name === 'appUserId') return undefined;
  if (name === 'connector') return 'shop';
  if (name === 'integration') return 'orders';
  if (name === 'job') return 'fan';
  if (name === 'password') return 'another long password';
  return name === 'input' || name === 'config' ? undefined : 'text';
}

function pathOf(route: Route, ids: Ids): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'count');
  const needed = route.parameters.filter((each) => each.in === 'query' && each.required);
  return needed.length === 0
    ? path
    : `${path}?${needed.map(({ name }) => `${name}=text`).join('&')}`;
}

async function routesOf(url: string): Promise<Route[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
}

/** Gives a tenant one of everything. */
async function furnish(tenon: TestApp, shop: Shop, person: Person): Promise<Ids> {
  const { api } = person;
  const id = async (method: string, path: string, body?: unknown): Promise<string> =>
    (await api.ok<{ id: string }>(method, path, body)).id;
  const connectionId = await id('POST', '/api/connections', {
    connector: 'shop',
    fields: { apiKey: SHOP_KEY },
  });
  const installationId = await id('POST', '/api/installations', {
    integration: 'orders',
    connections: { shop: connectionId },
  });
  shop.nextStatuses.push(422);
  const runId = await id('POST', `/api/installations/${installationId}/runs`, {
    job: 'fan',
    input: { count: 2 },
  });
  await tenon.drain();
  const letters = await api.ok<{ items: { id: string }[] }>('GET', '/api/dead-letters');
  const stopped = await api.ok<{ items: { id: string }[] }>('GET', '/api/jobs?state=dead');
  const { token } = await api.ok<{ token: { id: string } }>('POST', '/api/tokens', {
    label: 'spare',
  });
  const endpoints = await tenon.app.adapters.persistence.webhookEndpoints.list(
    person.tenantId as never,
    installationId as never,
  );
  const scheduleId = await id('POST', `/api/installations/${installationId}/schedules`, {
    ...{ name: 'daily', job: 'fan', input: { count: 2 }, enabled: false },
    when: { kind: 'every', everyMs: 86_400_000 },
  });
  return {
    scheduleId,
    organizationId: person.userId,
    tenantId: person.tenantId,
    userId: person.userId,
    tokenId: token.id,
    connectionId,
    installationId,
    runId,
    deadLetterId: letters.items[0]?.id ?? '',
    jobId: stopped.items[0]?.id ?? '',
    endpointId: endpoints[0]?.id ?? '',
  };
}

/** Rows of the victim, as they are kept. */
function rowsOf(persistence: MemoryPersistence, tenantId: string): string {
  const tables = JSON.parse(persistence.inspection.dump()) as Record<
    string,
    { tenantId?: string; lastUsedAt?: string }[]
  >;
  const own = Object.entries(tables).map(([name, rows]) => [
    name,
    rows.filter((row) => row.tenantId === tenantId).map(({ lastUsedAt: _, ...row }) => row),
  ]);
  return JSON.stringify(own);
}

describe("every route with another tenant's token", () => {
  let shop: Shop;
  let tenon: TestApp;
  let victim: Person;
  let stranger: Person;
  let ids: Ids;
  let persistence: MemoryPersistence;
  let routes: Route[];

  beforeAll(async () => {
    shop = await startShop();
    persistence = createMemoryPersistence();
    tenon = await startTestApp({ integrations: [shopIntegration(shop.server.url)], persistence });
    victim = await signUp(tenon.url, 'organization');
    stranger = await signUp(tenon.url, 'organization');
    ids = await furnish(tenon, shop, victim);
    routes = await routesOf(tenon.url);
  });

  afterAll(async () => {
    await tenon.close();
    await shop.server.close();
  });

  const userRoutes = (): Route[] =>
    routes.filter(({ security }) => security.some((each) => 'bearer' in each));

  it('knows an id for every parameter of every path', () => {
    const names = userRoutes().flatMap(({ path }) =>
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''),
    );
    const free = new Set(['connector', 'integration', 'action']);
    for (const name of new Set(names))
      expect(free.has(name) || (ids[name] ?? '') !== '').toBe(true);
    expect(userRoutes().length).toBeGreaterThan(30);
  });

  it('answers 404 where the path names something of another tenant, and changes nothing', async () => {
    const before = rowsOf(persistence, victim.tenantId);
    for (const route of userRoutes()) {
      if (!route.path.includes('{') || SHARED.has(route.operationId)) continue;
      const schema = route.requestBody?.content['application/json'].schema;
      const answer = await stranger.api.call(
        route.method,
        pathOf(route, ids),
        schema && bodyOf(schema, {}),
      );
      expect(`${route.operationId} ${answer.status}`).toBe(`${route.operationId} 404`);
    }
    expect(rowsOf(persistence, victim.tenantId)).toBe(before);
  });

  it('gives the same answer for an id that does not exist', async () => {
    const nobody = Object.fromEntries(
      Object.keys(ids).map((name) => [name, '01900000-0000-7000-8000-00000000dead']),
    );
    for (const route of userRoutes()) {
      if (!route.path.includes('{') || SHARED.has(route.operationId)) continue;
      const schema = route.requestBody?.content['application/json'].schema;
      const body = schema && bodyOf(schema, {});
      const foreign = await stranger.api.call(route.method, pathOf(route, ids), body);
      const unknown = await stranger.api.call(route.method, pathOf(route, nobody), body);
      const shape = (answer: typeof foreign, known: Ids): string =>
        answer.text
          .replace(/"requestId":"[^"]*"/, '')
          .replaceAll(new RegExp(Object.values(known).filter(Boolean).join('|'), 'g'), 'ID');
      expect(shape(foreign, ids)).toBe(shape(unknown, nobody));
    }
  });

  it('refuses ids of another tenant in bodies, and changes nothing', async () => {
    const before = rowsOf(persistence, victim.tenantId);
    for (const route of userRoutes()) {
      const schema = route.requestBody?.content['application/json'].schema;
      if (!schema || route.path.includes('{')) continue;
      const body = bodyOf(schema, ids);
      if (!Object.values(ids).some((id) => JSON.stringify(body).includes(id))) continue;
      const answer = await stranger.api.call(route.method, route.path, body);
      expect(`${route.operationId} ${answer.status}`).toMatch(/ (404|422)$/);
    }
    expect(rowsOf(persistence, victim.tenantId)).toBe(before);
  });

  it('lists nothing of another tenant', async () => {
    for (const route of userRoutes()) {
      if (route.method !== 'GET' || route.path.includes('{')) continue;
      const answer = await stranger.api.call('GET', pathOf(route, ids));
      expect(answer.status).toBe(200);
      for (const id of Object.values(ids)) expect(answer.text).not.toContain(id);
    }
  });

  it('refuses every route without a token, and the routes of the back end with one', async () => {
    for (const route of routes) {
      if (route.security.length === 0) continue;
      const schema = route.requestBody?.content['application/json'].schema;
      const body = schema && bodyOf(schema, ids);
      const open = victim.api.as({});
      const [anybody, user] = await Promise.all([
        open.call(route.method, pathOf(route, ids), body),
        route.security.some((each) => 'bearer' in each)
          ? null
          : stranger.api.call(route.method, pathOf(route, ids), body),
      ]);
      expect(`${route.operationId} ${anybody.status}`).toBe(`${route.operationId} 401`);
      if (user) expect(`${route.operationId} ${user.status}`).toBe(`${route.operationId} 401`);
    }
  });

  it('lets nobody forge a webhook', async () => {
    const forged = signedWebhook('x', { id: 'forged' });
    const headers = { ...forged.headers, 'webhook-signature': 'v1,Zm9yZ2Vk' };
    const path = `/api/webhooks/${ids['endpointId'] ?? ''}`;
    const answer = await fetch(tenon.url + path, { method: 'POST', headers, body: forged.body });
    expect(answer.status).toBe(401);
  });
});
