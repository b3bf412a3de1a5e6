import { describe, expect, it } from '@jest/globals';
import { testCrypto } from '@tenon/testing';
import fc from 'fast-check';
import type { OAuth2Auth } from '../connector/auth.js';
import type { HttpResponse } from '../platform/http-client.port.js';
import { secret } from '../platform/secret.js';
import { authorizationUrl } from './oauth2-authorization-url.js';
import { authenticatedForm } from './oauth2-client-authentication.js';
import { readTokenResponse } from './oauth2-token-response.js';
import { tokenRequest } from './oauth2-token-request.js';
import { backoffMs, parseRetryAfter, spreadMs } from './retry-after.js';

const now = new Date('2026-03-01T10:00:00Z');
const auth: OAuth2Auth = {
  type: 'oauth2',
  authorizationUrl: 'https://crm.example/authorize?tenant=1',
  tokenUrl: 'https://crm.example/token',
  clientId: 'id of: app',
  clientSecret: secret('s+cr/t ü'),
  scopes: ['a', 'b'],
};

function response(status: number, body: unknown, type = 'application/json'): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = new TextEncoder().encode(text);
  const headers = { 'content-type': type, 'retry-after': '7' };
  return { status, headers, bytes, text: () => text, json: () => JSON.parse(text) as unknown };
}
const read = (status: number, body: unknown, type?: string) =>
  readTokenResponse(auth, response(status, body, type), now);

describe('the token response', () => {
  it.each([
    [3600, 3_600_000],
    ['3600', 3_600_000],
    [' 60 ', 60_000],
    [0.5, 500],
    [0, null],
    [-1, null],
    ['', null],
    ['soon', null],
    [null, null],
    [undefined, null],
  ])('reads expires_in %j as %j ms', (value, lifetimeMs) => {
    const outcome = read(200, { access_token: 'a', expires_in: value });
    expect(outcome).toMatchObject({ kind: 'granted', tokens: { lifetimeMs } });
  });

  it('reads form-encoded answers and scopes in any notation', () => {
    const form = read(
      200,
      'access_token=a%2Bb&scope=x%2Cy&token_type=bearer',
      'application/x-www-form-urlencoded',
    );
    expect(form).toEqual({
      kind: 'granted',
      tokens: {
        accessToken: 'a+b',
        refreshToken: null,
        tokenType: 'bearer',
        lifetimeMs: null,
        scopes: ['x', 'y'],
      },
    });
    expect(read(200, { access_token: 'a', scope: 'x y' })).toMatchObject({
      tokens: { scopes: ['x', 'y'] },
    });
    expect(read(200, { access_token: 'a', scope: ['x'] })).toMatchObject({
      tokens: { scopes: ['x'] },
    });
  });

  it.each([
    [400, { error: 'invalid_grant' }, 'refused', 'invalid_grant'],
    [200, { error: 'bad_refresh_token' }, 'refused', 'bad_refresh_token'],
    [400, { error: 'token is revoked <b>' }, 'refused', 'unknown_error'],
    [400, {}, 'refused', 'no_error_code'],
    [401, { error: 'invalid_client' }, 'client_refused', 'invalid_client'],
    [400, { error: 'unauthorized_client' }, 'client_refused', 'unauthorized_client'],
    [400, { error: 'temporarily_unavailable' }, 'unavailable', 'temporarily_unavailable'],
    [429, { error: 'invalid_grant' }, 'unavailable', 'rate_limited'],
    [500, { error: 'invalid_grant' }, 'unavailable', 'unavailable'],
    [503, 'down', 'unavailable', 'unavailable'],
    [403, '<html>blocked</html>', 'unavailable', 'invalid_response'],
    [403, { error: 'Forbidden' }, 'unavailable', 'invalid_response'],
    [404, {}, 'unavailable', 'invalid_response'],
    [200, {}, 'unavailable', 'invalid_response'],
    [200, '{', 'unavailable', 'invalid_response'],
  ])('%i %j is %s (%s)', (status, body, ...[kind, code]) => {
    const outcome = read(status, body);
    expect(outcome).toMatchObject({ kind, code });
    if (outcome.kind === 'unavailable') expect(outcome.retryAfterMs).toBe(7_000);
  });

  it('never throws, whatever a server answers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.oneof(fc.string(), fc.json()),
        (status, body) => {
          expect(['granted', 'refused', 'client_refused', 'unavailable']).toContain(
            read(status, body, 'text/plain').kind,
          );
        },
      ),
    );
  });
});

describe('requests', () => {
  it('encodes id and secret as form values before they become a header (RFC 6749 §2.3.1)', () => {
    const { headers, body } = authenticatedForm(auth, auth.tokenUrl, {
      form: { a: '1' },
      crypto: testCrypto,
    });
    const [, encoded = ''] = (headers['authorization'] ?? '').split(' ');
    expect(Buffer.from(encoded, 'base64').toString()).toBe('id+of%3A+app:s%2Bcr%2Ft+%C3%BC');
    expect(body).toBe('a=1');
  });

  it('authenticates by body or not at all where a provider wants that', () => {
    const post = (changes: Partial<OAuth2Auth>) =>
      new URLSearchParams(
        authenticatedForm({ ...auth, ...changes }, auth.tokenUrl, { form: {}, crypto: testCrypto })
          .body,
      );
    expect(post({ clientAuthentication: 'body' }).get('client_secret')).toBe('s+cr/t ü');
    const { clientSecret: _secret, ...publicClient } = auth;
    const request = authenticatedForm(publicClient, auth.tokenUrl, {
      form: {},
      crypto: testCrypto,
    });
    expect(request.headers['authorization']).toBeUndefined();
    expect(new URLSearchParams(request.body).get('client_id')).toBe('id of: app');
  });

  it('cannot be bent by extra parameters', () => {
    const bent: OAuth2Auth = {
      ...auth,
      authorizationParameters: {
        state: 'x',
        redirect_uri: 'https://evil.example',
        prompt: 'consent',
      },
      tokenParameters: { grant_type: 'password', audience: 'api' },
    };
    const request = { redirectUri: 'https://app.example/cb', state: 's', codeVerifier: 'v' };
    const url = new URL(authorizationUrl(bent, request, testCrypto));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      tenant: '1',
      state: 's',
      redirect_uri: 'https://app.example/cb',
      prompt: 'consent',
      scope: 'a b',
      response_type: 'code',
    });
    const { body } = tokenRequest(bent, { type: 'refresh_token', refreshToken: 'r&=' }, testCrypto);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'r&=',
      audience: 'api',
    });
  });
});

describe('waiting', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 1.5 ', 1_500],
    ['Sun, 01 Mar 2026 10:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 09:00:00 GMT', 0],
    ['-5', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('Retry-After %j is %j', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  it('backs off within growing bounds and never earlier than told', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const wait = backoffMs(attempt, () => random);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(Math.min(30_000, 250 * 2 ** (attempt - 1)));
          expect(spreadMs(attempt * 1000, () => random)).toBeGreaterThanOrEqual(attempt * 1000);
        },
      ),
    );
  });
});
