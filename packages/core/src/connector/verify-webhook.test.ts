import { describe, expect, it } from '@jest/globals';
import { testCrypto } from '@tenon/testing';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook } from './verify-webhook.js';
import type { HmacScheme } from './webhook-scheme.js';

const now = new Date('2026-05-01T12:00:00Z');
const secret = `whsec_${Buffer.from('a-signing-secret-of-32-bytes-here').toString('base64')}`;
const standard = { type: 'standard-webhooks' } as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const signed = (body: string, at = now, key = secret): Record<string, string> => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(key).sign('msg_1', at, body),
});
const verify = (headers: Record<string, string | undefined>, body: string, key = secret) =>
  verifyWebhook(
    standard,
    { headers, rawBody: bytes(body) },
    { secret: key, now, crypto: testCrypto },
  );
const refused = expect.objectContaining({ code: 'WEBHOOK_SIGNATURE_INVALID' });

describe('Standard Webhooks', () => {
  it('accepts what the reference library signs, whatever the body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (body) => {
        expect(verify(signed(body), body)).toEqual({ deliveryKey: 'msg_1' });
        expect(() => verify(signed(body), `${body} `)).toThrow(refused);
      }),
    );
  });

  it('accepts any of several signatures, and a secret without prefix', () => {
    const body = '{"a":1}';
    const other = `whsec_${Buffer.from('another-signing-secret-for-rotation').toString('base64')}`;
    const both = `${signed(body, now, other)['webhook-signature'] ?? ''} v1a,c2ln ${signed(body)['webhook-signature'] ?? ''}`;
    const headers = { ...signed(body), 'webhook-signature': both };
    expect(verify(headers, body).deliveryKey).toBe('msg_1');
    expect(verify(headers, body, other).deliveryKey).toBe('msg_1');
    expect(verify(headers, body, secret.slice(6)).deliveryKey).toBe('msg_1');
    expect(() => verify(signed(body), body, other)).toThrow(refused);
  });

  it.each([
    ['no id', { 'webhook-id': undefined }],
    ['no time', { 'webhook-timestamp': undefined }],
    ['no signature', { 'webhook-signature': undefined }],
    ['a repeated id', { 'webhook-id': 'msg_1, msg_2' }],
    ['a repeated time', { 'webhook-timestamp': '1777636800, 1777636801' }],
    ['a time that is none', { 'webhook-timestamp': '1e9' }],
    ['another id', { 'webhook-id': 'msg_2' }],
    ['another version', { 'webhook-signature': 'v2,abc' }],
    ['an empty signature', { 'webhook-signature': 'v1,' }],
  ])('refuses %s', (_, change) => {
    expect(() => verify({ ...signed('{}'), ...change }, '{}')).toThrow(refused);
  });

  it('refuses times out of the tolerance on both sides', () => {
    for (const minutes of [-6, 6]) {
      const at = new Date(now.getTime() + minutes * 60_000);
      expect(() => verify(signed('{}', at), '{}')).toThrow(refused);
    }
    expect(verify(signed('{}', new Date(now.getTime() - 290_000)), '{}').deliveryKey).toBe('msg_1');
  });

  it('says that a stored secret is none instead of verifying with an empty key', () => {
    for (const key of ['', 'whsec_', 'whsec_%%%', 'short']) {
      expect(() => verify(signed('{}'), '{}', key)).toThrow(
        expect.objectContaining({ code: 'MISCONFIGURED' }),
      );
    }
  });
});

describe('a hash in a header', () => {
  const scheme: HmacScheme = {
    type: 'hmac',
    algorithm: 'sha256',
    signatureHeader: 'x-hub-signature-256',
    signaturePrefix: 'sha256=',
    encoding: 'hex',
  };
  const sign = (text: string): string => createHmac('sha256', 'key').update(text).digest('hex');
  const check = (
    each: HmacScheme,
    headers: Record<string, string>,
    { body = '{}', key = 'key' } = {},
  ) =>
    verifyWebhook(
      each,
      { headers, rawBody: bytes(body) },
      { secret: key, now, crypto: testCrypto },
    );

  it('accepts the right one and names the delivery by its body or header', () => {
    const headers = {
      'x-hub-signature-256': `sha256=${sign('{}').toUpperCase()}`.replace('SHA', 'sha'),
    };
    const key = check(scheme, headers).deliveryKey;
    expect(key).toBe(check(scheme, headers).deliveryKey);
    const withId = { ...headers, 'x-id': 'd1' };
    expect(check({ ...scheme, idHeader: 'X-Id' }, withId).deliveryKey).toBe('d1');
    expect(() => check({ ...scheme, idHeader: 'x-id' }, headers)).toThrow(refused);
  });

  it('signs the time with the body where there is one', () => {
    const timed: HmacScheme = { ...scheme, timestampHeader: 'x-time' };
    const time = String(now.getTime() / 1000);
    const good = { 'x-time': time, 'x-hub-signature-256': `sha256=${sign(`${time}.{}`)}` };
    expect(check(timed, good).deliveryKey).toBeTruthy();
    expect(() => check(timed, { ...good, 'x-time': String(Number(time) + 1) })).toThrow(refused);
    const old = String(Number(time) - 400);
    const replayed = { 'x-time': old, 'x-hub-signature-256': `sha256=${sign(`${old}.{}`)}` };
    expect(() => check(timed, replayed)).toThrow(refused);
  });

  it('refuses other bodies, prefixes, repeated headers and empty secrets', () => {
    const good = { 'x-hub-signature-256': `sha256=${sign('{}')}` };
    expect(() => check(scheme, good, { body: '{ }' })).toThrow(refused);
    expect(() => check(scheme, { 'x-hub-signature-256': sign('{}') })).toThrow(refused);
    const twice = `${good['x-hub-signature-256']}, ${good['x-hub-signature-256']}`;
    expect(() => check(scheme, { 'x-hub-signature-256': twice })).toThrow(refused);
    expect(() => check(scheme, {})).toThrow(refused);
    expect(() => check(scheme, good, { key: '' })).toThrow(
      expect.objectContaining({ code: 'MISCONFIGURED' }),
    );
  });
});
