import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpRequest } from '@tenon/core';
import { createUndiciHttpClient } from './create-undici-http-client.js';
import { serve, type Loopback } from './loopback.fixture.js';
import { nextStep } from './redirect.js';
import type { UndiciHttpClient } from './undici-http-client.js';

let home: Loopback;
let away: Loopback;
let client: UndiciHttpClient;

beforeEach(async () => {
  away = await serve((_request, response) => response.end('away'));
  home = await serve((request, response) => {
    const to = new URL(request.url ?? '', 'http://x').searchParams;
    const location = to.get('to');
    if (location === null) response.end('home');
    else response.writeHead(Number(to.get('status') ?? 302), { location }).end();
  });
  client = createUndiciHttpClient({ egress: { allow: [home.host, away.host] } });
});

afterEach(async () => {
  await Promise.all([home.close(), away.close(), client.close()]);
});

const go = (to: string, status = 302, more: Partial<HttpRequest> = {}) =>
  client.send({
    method: 'GET',
    url: `${home.origin}/?status=${status}&to=${encodeURIComponent(to)}`,
    timeoutMs: 5_000,
    maxRedirects: 3,
    ...more,
  });

describe('redirects', () => {
  it('answers the redirect itself unless asked to follow, or when there are too many', async () => {
    expect((await go('/x', 302, { maxRedirects: 0 })).status).toBe(302);
    const loop = await go(`/?to=${encodeURIComponent('/?to=%2F%3Fto%3D%252F')}`, 302, {
      maxRedirects: 2,
    });
    expect(loop.status).toBe(302);
    expect(home.requests).toHaveLength(4);
  });

  it('follows relative and absolute addresses', async () => {
    expect((await go('/x')).text()).toBe('home');
    expect((await go(`${away.origin}/y`)).text()).toBe('away');
    expect(away.requests[0]?.url).toBe('/y');
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'DELETE', 'DELETE'],
  ])('after %d turns %s into %s', async (...[status, method, expected]) => {
    const body =
      method === 'HEAD' ? {} : { body: 'data', headers: { 'content-type': 'text/plain' } };
    await go('/x', status, { method, ...body });
    const last = home.requests.at(-1);
    expect(last?.method).toBe(expected);
    expect(last?.headers['content-length']).toBe(
      expected === 'GET' || method === 'HEAD' ? undefined : '4',
    );
    expect('content-type' in (last?.headers ?? {})).toBe(expected !== 'GET' && method !== 'HEAD');
  });

  it('keeps credentials on the same origin and drops them on another', async () => {
    const headers = {
      Authorization: 'Bearer x',
      Cookie: 'a=b',
      'X-Api-Key': 'k',
      Accept: 'text/plain',
    };
    await go('/x', 302, { headers });
    expect(home.requests.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer x',
      'x-api-key': 'k',
    });
    await go(`${away.origin}/y`, 302, { headers });
    const there = away.requests[0]?.headers ?? {};
    expect(there.accept).toBe('text/plain');
    for (const name of ['authorization', 'cookie', 'x-api-key'])
      expect(there).not.toHaveProperty(name);
  });

  it('carries no body to another origin', async () => {
    const response = await go(`${away.origin}/y`, 307, { method: 'POST', body: 'client_secret=x' });
    expect(response.status).toBe(307);
    await go(`${away.origin}/y`, 303, { method: 'POST', body: 'client_secret=x' });
    expect(away.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('does not bring credentials back that were dropped on the way', async () => {
    const back = `${home.origin}/back`;
    await away.close();
    away = await serve((_request, response) => response.writeHead(302, { location: back }).end());
    await client.close();
    client = createUndiciHttpClient({ egress: { allow: [home.host, away.host] } });
    await go(`${away.origin}/`, 302, { headers: { authorization: 'Bearer x' } });
    expect(home.requests.at(-1)).toMatchObject({ url: '/back' });
    expect(home.requests.at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    'http://169.254.169.254/latest',
    'http://[::1]:1/',
    'file:///etc/passwd',
    'http://u:p@127.0.0.1/',
  ])('refuses to go to %s', async (to) => {
    await expect(go(to)).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
  });

  it('refuses to go from https down to http', () => {
    const response = { status: 302, headers: { location: 'http://a.example/' } };
    const step = { url: new URL('https://a.example/'), request: { method: 'GET' } };
    expect(() => nextStep(step, response as never)).toThrow(
      expect.objectContaining({ code: 'EGRESS_REFUSED' }),
    );
  });

  it('spends one time-out on all steps', async () => {
    await home.close();
    home = await serve((_request, response) => {
      setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 40);
    });
    await client.close();
    client = createUndiciHttpClient({ egress: { allow: [home.host] } });
    await expect(go('/', 302, { timeoutMs: 100, maxRedirects: 50 })).rejects.toMatchObject({
      code: 'HTTP_TIMEOUT',
    });
    expect(home.requests.length).toBeLessThanOrEqual(3);
  });
});
