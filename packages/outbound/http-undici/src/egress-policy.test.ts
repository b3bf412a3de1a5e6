import { describe, expect, it } from '@jest/globals';
import type { LookupFunction } from 'node:net';
import { EgressPolicy } from './egress-policy.js';

const verdict = (policy: EgressPolicy, url: string): string => {
  try {
    policy.checkUrl(new URL(url));
    return 'open';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('EgressPolicy', () => {
  const strict = new EgressPolicy();

  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://017700000001/',
    'http://[::1]:8080/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
    'http://user@example.com/',
    'https://:secret@example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,x',
  ])('refuses %s', (url) => {
    expect(verdict(strict, url)).toBe('EGRESS_REFUSED');
    expect(verdict(strict, url)).toBe('EGRESS_REFUSED');
  });

  it.each(['https://example.com/', 'http://8.8.8.8:8080/', 'https://[2606:4700::1111]/'])(
    'lets %s pass',
    (url) => {
      expect(verdict(strict, url)).toBe('open');
    },
  );

  it('never forgets credentials in a URL of an origin that passed before', () => {
    expect(verdict(strict, 'https://example.org/')).toBe('open');
    expect(verdict(strict, 'https://a:b@example.org/')).toBe('EGRESS_REFUSED');
  });

  it('opens exactly what is named', () => {
    const policy = new EgressPolicy({
      allow: [
        'LocalHost:3000',
        '127.0.0.1:80',
        'crm.internal',
        '::1',
        '[fe80::2]:81',
        '10.1.0.0/16',
      ],
    });
    const opened = [
      'http://127.0.0.1/',
      'http://crm.internal:99/',
      'http://[::1]:5/',
      'http://[fe80::2]:81/',
      'http://10.1.2.3/',
    ];
    for (const url of opened) expect(verdict(policy, url)).toBe('open');
    const closed = [
      'http://127.0.0.1:81/',
      'http://[fe80::2]:82/',
      'http://10.2.0.1/',
      'http://127.0.0.2/',
    ];
    for (const url of closed) expect(verdict(policy, url)).toBe('EGRESS_REFUSED');
    expect(policy.names('localhost', 3000)).toBe(true);
    expect(policy.names('localhost', 3001)).toBe(false);
    expect(policy.names('crm.internal.', 1)).toBe(true);
  });

  it('closes other ports when ports are given', () => {
    const policy = new EgressPolicy({ ports: [443], allow: ['example.org:8080'] });
    expect(verdict(policy, 'https://example.com/')).toBe('open');
    expect(verdict(policy, 'http://example.com/')).toBe('EGRESS_REFUSED');
    expect(verdict(policy, 'https://example.com:22/')).toBe('EGRESS_REFUSED');
    expect(verdict(policy, 'http://example.org:8080/')).toBe('open');
  });

  it.each(['', 'http://x', 'a b', '10.0.0.0/33', '10.0.0/8', '::/129', 'x:99999', '*'])(
    'refuses to be made with %j',
    (entry) => {
      expect(() => new EgressPolicy({ allow: [entry] })).toThrow(
        expect.objectContaining({ code: 'MISCONFIGURED' }),
      );
    },
  );

  it('answers only allowed addresses of a name', async () => {
    const inner: LookupFunction = (_name, _options, callback) => {
      callback(null, [
        { address: '10.0.0.1', family: 4 },
        { address: '8.8.8.8', family: 4 },
        { address: '::1', family: 6 },
      ]);
    };
    const lookup = strict.lookup(inner);
    const ask = (all: boolean) =>
      new Promise((resolve) => {
        lookup('mixed.example', { all }, (...answer) => resolve(answer));
      });
    await expect(ask(true)).resolves.toEqual([null, [{ address: '8.8.8.8', family: 4 }]]);
    await expect(ask(false)).resolves.toEqual([null, '8.8.8.8', 4]);
  });
});
