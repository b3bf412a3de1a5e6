import { describe, expect, it } from '@jest/globals';

import { recordingIo } from '../recording-io.fixture.js';
import { redact } from './redact.js';
import { styleOf } from './style.js';
import { table } from './table.js';

describe('table', () => {
  it('aligns columns, also coloured ones, and trims the end', () => {
    const rows = [
      ['\u001b[32m✓\u001b[39m', 'a', 'one'],
      ['✗', 'longer', ''],
    ];
    expect(table(rows)).toBe('\u001b[32m✓\u001b[39m  a       one\n✗  longer\n');
    expect(table([])).toBe('');
  });
});

describe('style', () => {
  it('colours terminals only, and none with NO_COLOR', () => {
    const red = (isTTY: boolean, env = {}) => styleOf(recordingIo({ isTTY }).stdout, env).red('x');
    expect(red(true)).toBe('\u001b[31mx\u001b[39m');
    expect(red(false)).toBe('x');
    expect(red(true, { NO_COLOR: '1' })).toBe('x');
    expect(red(true, { NO_COLOR: '' })).toBe('\u001b[31mx\u001b[39m');
  });
});

describe('redact', () => {
  it('takes out passwords of URLs', () => {
    expect(redact('at postgresql://me:s3cr:et@db:5432/x and redis://:pw@r', {})).toBe(
      'at postgresql://me:[secret]@db:5432/x and redis://:[secret]@r',
    );
    expect(redact('http://localhost:3000/api', {})).toBe('http://localhost:3000/api');
  });

  it('takes out values of secret variables, whole and in lists', () => {
    const env = {
      TENON_ENCRYPTION_KEYS: 'k2:QUJDREVGR0hJSg==,k1:S0xNTk9QUVJTVA==',
      TENON_APP_KEYS: 'shop=shop-secret-1',
      CRM_CLIENT_SECRET: 'canary-1234',
      HOME: '/home/somebody',
      TENON_LOCAL_KEY_FILE: '/path/of/the/key',
      SHORT_TOKEN: 'abc',
    };
    const text = 'QUJDREVGR0hJSg== S0xNTk9QUVJTVA== shop-secret-1 canary-1234';
    expect(redact(text, env)).toBe('[secret] [secret] [secret] [secret]');
    expect(redact('/home/somebody /path/of/the/key abc', env)).toBe(
      '/home/somebody /path/of/the/key abc',
    );
  });
});
