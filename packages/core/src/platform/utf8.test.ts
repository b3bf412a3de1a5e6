import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeUtf8, utf8Length } from './utf8.js';

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function reference(bytes: Uint8Array): string | null {
  try {
    return fatal.decode(bytes);
  } catch {
    return null;
  }
}

describe('decodeUtf8', () => {
  it('agrees with the platform on well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const bytes = new TextEncoder().encode(text);
        expect(decodeUtf8(bytes)).toBe(reference(bytes));
        expect(utf8Length(text)).toBe(bytes.length);
      }),
    );
  });

  it('agrees with the platform on arbitrary bytes', () => {
    const nasty = fc.constantFrom(
      0,
      0x7f,
      0x80,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xe0,
      0xed,
      0xa0,
      0xef,
      0xf0,
      0x90,
      0xf4,
      0xf5,
      0xff,
    );
    const byte = fc.oneof(nasty, fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 12 }), (list) => {
        const bytes = Uint8Array.from(list);
        expect(decodeUtf8(bytes)).toBe(reference(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it('decodes more than one chunk', () => {
    const text = 'aé€😀'.repeat(10_000);
    expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text);
  });
});
