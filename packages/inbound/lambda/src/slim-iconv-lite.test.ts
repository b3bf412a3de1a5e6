import { describe, expect, it } from '@jest/globals';
import { decode, encode, encodingExists, getDecoder } from './slim-iconv-lite.js';

describe('slim-iconv-lite', () => {
  it.each(['utf-8', 'UTF8', 'utf-16le', 'ISO-8859-1', 'latin1'])('there and back in %s', (name) => {
    expect(encodingExists(name)).toBe(true);
    expect(decode(encode('ünïcode', name), name)).toBe('ünïcode');
  });

  it('puts characters together that were cut between pieces, and drops the mark in front', () => {
    const bytes = Buffer.from('\ufeff€uro');
    const decoder = getDecoder('utf-8');

    const text = [...bytes].map((byte) => decoder.write(Buffer.from([byte]))).join('');

    expect(text + (decoder.end() ?? '')).toBe('€uro');
  });

  it('refuses what it does not know, in the words that body parsers look for', () => {
    expect(encodingExists('shift_jis')).toBe(false);
    expect(() => getDecoder('shift_jis')).toThrow(/^Encoding not recognized: /);
  });
});
