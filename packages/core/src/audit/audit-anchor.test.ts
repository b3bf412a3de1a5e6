import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { testCrypto } from '@tenon/testing';
import { auditAnchor, parseAuditAnchor } from './audit-anchor.js';

describe('an anchor', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), fc.string(), (sequence, text) => {
        const head = { sequence, hash: testCrypto.sha256(text) };
        expect(parseAuditAnchor(auditAnchor(head))).toEqual(head);
      }),
    );
  });

  it.each([
    '',
    '1',
    ':',
    '0:x',
    `0:${'a'.repeat(43)}`,
    `1:${'a'.repeat(42)}`,
    `x:${'a'.repeat(43)}`,
  ])('is not %j', (text) => {
    expect(() => parseAuditAnchor(text, 'after')).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        issues: [expect.objectContaining({ path: 'after' })],
      }),
    );
  });
});
