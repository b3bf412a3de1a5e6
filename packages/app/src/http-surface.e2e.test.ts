import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiCaller, signUp } from './api-client.fixture.js';
import type { Person } from './api-client.fixture.js';
import { shopIntegration, startShop } from './shop.fixture.js';
import type { Shop } from './shop.fixture.js';
import { startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly operationId: string }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  );
}

describe('the surface of the HTTP API', () => {
  let shop: Shop;
  let tenon: TestApp;
  let person: Person;
  let anybody: ApiCaller;

  beforeAll(async () => {
    shop = await startShop();
    tenon = await startTestApp({ integrations: [shopIntegration(shop.server.url)] });
    person = await signUp(tenon.url);
    anybody = new ApiCaller(tenon.url);
  });

  afterAll(async () => {
    await tenon.close();
    await shop.server.close();
  });

  it('describes itself in OpenAPI 3.1, with unique operations and references that exist', async () => {
    const document = (await anybody.call('GET', '/openapi.json')).body as Document;
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const references = new Set(referencesIn(document));
    expect(references.size).toBeGreaterThan(5);
    for (const reference of references) {
      const name = reference.replace('#/components/schemas/', '');
      expect(document.components.schemas).toHaveProperty([name]);
    }
  });

  it('documents itself on a page that loads nothing from other hosts', async () => {
    const pages = await Promise.all(
      ['/docs', '/docs/script.js', '/docs/style.css'].map((path) => anybody.call('GET', path)),
    );
    for (const page of pages) {
      expect(page.status).toBe(200);
      expect(page.text).not.toMatch(/(?:https?:)?\/\/[a-z]/i);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    }
  });

  it('sends secure headers and a request id with everything, also with errors', async () => {
    for (const path of ['/health', '/api/runs', '/nothing', '/openapi.json']) {
      const { headers } = await anybody.call('GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    }
  });

  it('keeps a well-formed request id of the caller and replaces others', async () => {
    const asked = async (id: string) =>
      (await anybody.as({ 'x-request-id': id }).call('GET', '/nothing')).body;
    expect(await asked('order-2026-11-21')).toMatchObject({ requestId: 'order-2026-11-21' });
    expect(await asked('<script>')).not.toMatchObject({ requestId: '<script>' });
  });

  it('answers problems for unknown routes, broken JSON, large bodies and unknown fields', async () => {
    const problem = async (call: Promise<{ status: number; headers: Headers; body: unknown }>) => {
      const { status, headers, body } = await call;
      expect(headers.get('content-type')).toBe('application/problem+json');
      return { status, ...(body as { code: string; detail: string }) };
    };
    const { api } = person;
    expect(await problem(api.call('GET', '/api/nothing'))).toMatchObject({
      status: 404,
      code: 'ROUTE_NOT_FOUND',
    });
    const broken = await problem(api.call('POST', '/api/tokens', '{"label": canary'));
    expect(broken).toMatchObject({ status: 422, code: 'BODY_NOT_JSON' });
    expect(broken.detail).not.toContain('canary');
    const large = JSON.stringify({ label: 'x'.repeat(1_100_000) });
    expect(await problem(api.call('POST', '/api/tokens', large))).toMatchObject({
      status: 413,
      code: 'BODY_TOO_LARGE',
    });
    const unknown = await problem(api.call('POST', '/api/tokens', { label: 'x', scope: ['*'] }));
    expect(unknown).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(unknown.detail).toContain('scope');
  });

  it('bounds pages and refuses cursors that are none', async () => {
    const { api } = person;
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'colour=red']) {
      expect((await api.call('GET', `/api/runs?${query}`)).status).toBe(422);
    }
    for (let index = 0; index < 5; index += 1)
      await api.ok('POST', '/api/tokens', { label: `token ${index}` });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { id: string }[]; nextCursor: string | null } = await api.ok(
        'GET',
        `/api/tokens?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
  });

  it('lets a limited token do what its scopes say and grant no more', async () => {
    const { bearer } = await person.api.ok<{ bearer: string }>('POST', '/api/tokens', {
      label: 'reader',
      scopes: ['runs:read', 'tokens:write'],
    });
    const reader = anybody.as({ authorization: `Bearer ${bearer}` });
    expect((await reader.call('GET', '/api/runs')).status).toBe(200);
    expect(await reader.call('GET', '/api/connections')).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', details: { scope: 'connections:read' } },
    });
    const more = { label: 'more', scopes: ['connections:read'] };
    expect((await reader.call('POST', '/api/tokens', more)).status).toBe(403);
  });

  it('ends a revoked token at once', async () => {
    const { bearer, token } = await person.api.ok<{ bearer: string; token: { id: string } }>(
      'POST',
      '/api/tokens',
      {
        label: 'short',
      },
    );
    const caller = anybody.as({ authorization: `Bearer ${bearer}` });
    expect((await caller.call('GET', '/api/runs')).status).toBe(200);
    await person.api.ok('DELETE', `/api/tokens/${token.id}`);
    expect((await caller.call('GET', '/api/runs')).status).toBe(401);
  });
});
