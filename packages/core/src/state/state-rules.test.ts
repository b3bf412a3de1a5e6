import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { uniqueId } from '@tenon/testing';
import type { JsonValue } from '../platform/json.js';
import type { TenantId } from '../tenant/tenant.js';
import { MAX_STATE_VALUE_BYTES } from './state-entry.js';
import { checkStateWrite, prefixEnd } from './state-rules.js';

const write = (overrides: { namespace?: string; key?: string; value?: JsonValue }) => () => {
  const { namespace = 'n', key = 'k', value = 1 } = overrides;
  const scope = { tenantId: uniqueId<TenantId>(), namespace };
  checkStateWrite(scope, { key, value, expiresAt: null, now: new Date() });
};

const byCodePoint = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('checkStateWrite', () => {
  it('takes what is within the bounds', () => {
    expect(write({ namespace: 'n'.repeat(100), key: 'k'.repeat(500) })).not.toThrow();
    expect(write({ value: 'x'.repeat(MAX_STATE_VALUE_BYTES - 2) })).not.toThrow();
    expect(write({ key: '😀\n\t', value: null })).not.toThrow();
  });

  it.each([
    [{ namespace: '' }, 'namespace'],
    [{ namespace: 'n'.repeat(101) }, 'namespace'],
    [{ key: '' }, 'key'],
    [{ key: 'k'.repeat(501) }, 'key'],
    [{ key: 'a\0b' }, 'key'],
    [{ key: 'a\ud83d' }, 'key'],
    [{ value: 'x'.repeat(MAX_STATE_VALUE_BYTES - 1) }, 'value'],
    [{ value: '€'.repeat(MAX_STATE_VALUE_BYTES / 3) }, 'value'],
    [{ value: NaN }, 'value'],
  ])('refuses what is not, naming it: case %#', (overrides, path) => {
    expect(write(overrides)).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        details: { issues: [expect.objectContaining({ path })] },
      }),
    );
  });
});

describe('prefixEnd', () => {
  it('is above everything with the prefix, and nothing else is between', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4 });
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const end = prefixEnd(prefix);
        const within =
          byCodePoint(other, prefix) >= 0 && (end === null || byCodePoint(other, end) < 0);
        expect(within).toBe(other.startsWith(prefix));
        expect(end === null || byCodePoint(prefix + other, end) < 0).toBe(true);
      }),
    );
  });

  it.each([
    ['', null],
    ['a', 'b'],
    ['a\u{10ffff}', 'b'],
    ['\u{10ffff}', null],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
  ])('of %j is %j', (prefix, end) => {
    expect(prefixEnd(prefix)).toBe(end);
  });
});
