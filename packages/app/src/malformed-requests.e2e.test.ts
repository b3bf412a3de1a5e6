import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signUp } from './api-client.fixture.js';
import type { Person } from './api-client.fixture.js';
import { startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

const DEPTH = 400_000;
const DEEP = `{"integration":"x","connections":{},"config":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`;

interface Case {
  readonly what: string;
  readonly code: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const cases: readonly Case[] = [
  { what: 'a path', code: 'PATH_MALFORMED', method: 'GET', path: '/api/runs/%E0%A4%A' },
  {
    what: 'a compressed body',
    code: 'BODY_UNREADABLE',
    method: 'POST',
    path: '/api/tokens',
    headers: { 'content-encoding': 'gzip' },
    body: 'not compressed',
  },
  {
    what: 'an encoding',
    code: 'BODY_UNREADABLE',
    method: 'POST',
    path: '/api/tokens',
    headers: { 'content-encoding': 'lzma' },
    body: '{}',
  },
  {
    what: 'a cookie',
    code: 'AUTHORIZATION_INVALID',
    method: 'GET',
    path: '/api/connections/callback?state=abc&code=x',
    headers: { cookie: 'tenon_connect_abc=%' },
  },
  {
    what: 'JSON that is nested',
    code: 'BODY_TOO_DEEP',
    method: 'POST',
    path: '/api/installations',
    body: DEEP,
  },
];

describe('requests that are malformed', () => {
  let tenon: TestApp;
  let person: Person;

  beforeAll(async () => {
    tenon = await startTestApp({ integrations: [] });
    person = await signUp(tenon.url);
  });

  afterAll(() => tenon.close());

  it.each(cases)('says that $what is wrong, as the mistake of the caller', async (each) => {
    const response = await fetch(tenon.url + each.path, {
      method: each.method,
      headers: { ...person.api.headers, ...each.headers },
      ...(each.body !== undefined && { body: each.body }),
    });
    expect(await response.json()).toMatchObject({ code: each.code });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(tenon.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
