import { describe, expect, it } from '@jest/globals';

import { CookieJar } from './cookie-jar.js';

function answer(...cookies: string[]): Headers {
  const headers = new Headers();
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return headers;
}

describe('CookieJar', () => {
  const page = new URL('http://127.0.0.1:1234/interaction/abc');

  it('sends a cookie back to its host and below its path, the longest path first', () => {
    const jar = new CookieJar();
    jar.store(page, answer('a=1; path=/', 'b=2; path=/interaction/abc; httponly'));
    expect(jar.headerFor(page)).toBe('b=2; a=1');
    expect(jar.headerFor(new URL('http://127.0.0.1:99/interaction/abcd'))).toBe('a=1');
    expect(jar.headerFor(new URL('http://localhost:1234/interaction/abc'))).toBeUndefined();
  });

  it('replaces a cookie and forgets an expired one', () => {
    const jar = new CookieJar();
    jar.store(page, answer('a=1; path=/'));
    jar.store(page, answer('a=2; path=/; max-age=60'));
    expect(jar.headerFor(page)).toBe('a=2');
    jar.store(page, answer('a=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT'));
    expect(jar.headerFor(page)).toBeUndefined();
  });
});
