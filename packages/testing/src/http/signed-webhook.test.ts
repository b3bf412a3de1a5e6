import { describe, expect, it } from '@jest/globals';
import { verifyWebhook } from '@tenon/core';
import type { WebhookScheme } from '@tenon/core';
import fc from 'fast-check';

import { testCrypto } from '../platform/test-crypto.js';
import { signedWebhook } from './signed-webhook.js';

const schemes: fc.Arbitrary<WebhookScheme> = fc.oneof(
  fc.constant({ type: 'standard-webhooks' as const }),
  fc.record(
    {
      type: fc.constant('hmac' as const),
      algorithm: fc.constantFrom('sha1' as const, 'sha256' as const, 'sha512' as const),
      signatureHeader: fc.constantFrom('X-Signature', 'x-hub'),
      encoding: fc.constantFrom('hex' as const, 'base64' as const),
      signaturePrefix: fc.constantFrom('sha256=', 'v0:'),
      timestampHeader: fc.constant('X-Time'),
      idHeader: fc.constant('x-id'),
    },
    { requiredKeys: ['type', 'algorithm', 'signatureHeader', 'encoding'] },
  ),
);

describe('a signed webhook', () => {
  it('is proven to be the provider, and is not with another body', () => {
    const keys = fc.uint8Array({ minLength: 16, maxLength: 40 });
    fc.assert(
      fc.property(schemes, keys, fc.json(), (scheme, key, body) => {
        const secret = Buffer.from(key).toString('base64');
        const at = new Date('2026-01-02T03:04:05Z');
        const request = signedWebhook({ scheme, secret, body, at });
        const proof = { secret, now: at, crypto: testCrypto };
        expect(verifyWebhook(scheme, request, proof).deliveryKey).not.toBe('');
        const forged = { ...request, rawBody: new TextEncoder().encode(`${body} `) };
        expect(() => verifyWebhook(scheme, forged, proof)).toThrow(/signature/);
      }),
    );
  });
});
