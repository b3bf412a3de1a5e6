import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeForm, hasDotSegment, parseHttpUrl } from './http-url.js';

describe('parseHttpUrl', () => {
  it('agrees with the WHATWG parser about the origin of everything that it accepts', () => {
    const piece = fc.constantFrom(
      'http',
      'https',
      ':',
      '/',
      '//',
      '\\',
      '@',
      '?',
      '#',
      '.',
      '..',
      '%2e',
      '%40',
      '[',
      ']',
      '::1',
      'a',
      'evil.example',
      'APP.example',
      '443',
      '80',
      '8080',
      ' ',
      '\t',
      '\n',
      '\u0000',
      'ü',
      '：',
      '。',
      '-',
      '_',
      '~',
      ';',
      '&',
    );
    const near = fc
      .tuple(
        fc.constantFrom('https://', 'http://', 'https:/', 'HTTPS://'),
        fc.array(piece, { maxLength: 10 }),
      )
      .map(([scheme, rest]) => scheme + rest.join(''));
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(near, fc.webUrl(), fc.string()), (text) => {
        const parsed = parseHttpUrl(text);
        if (!parsed || !URL.canParse(text)) return;
        accepted += 1;
        const url = new URL(text);
        expect(url.origin).toBe(parsed.origin);
        expect(url.username + url.password + url.hash).toBe('');
        if (!hasDotSegment(parsed.path)) {
          expect(url.pathname.startsWith('/')).toBe(true);
          expect(url.pathname.split('/')).toHaveLength(Math.max(2, parsed.path.split('/').length));
        }
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe('parseHttpUrl on addresses', () => {
  it.each([
    ['http://127.0.0.1:3000/x', 'http://127.0.0.1:3000'],
    ['https://APP.example:443', 'https://app.example'],
    ['http://[::1]:80/', 'http://[::1]'],
    ['http://127.1', undefined],
    ['http://0x7f.0.0.1', undefined],
    ['http://2130706433', undefined],
    ['http://127.0.0.01', undefined],
    ['http://127.0.0.256', undefined],
    ['http://a:99999', undefined],
    ['ftp://a', undefined],
    ['https://u:p@a', undefined],
  ])('%s is %s', (text, origin) => {
    expect(parseHttpUrl(text)?.origin).toBe(origin);
  });
});

describe('encodeForm', () => {
  it('writes what URLSearchParams writes', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.dictionary(text, text), (values) => {
        expect(encodeForm(values)).toBe(new URLSearchParams(values).toString());
      }),
    );
  });
});
