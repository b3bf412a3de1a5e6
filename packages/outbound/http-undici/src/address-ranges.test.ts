import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { specialUse } from './address-ranges.js';
import { ipv6Groups, plainAddress } from './ip-address.js';

const refused = [
  '0.0.0.0',
  '10.255.255.255',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::8.8.8.8',
  '::ffff:127.0.0.1',
  '::FFFF:10.0.0.1',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::8.8.8.8',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:db8::1',
  '2606:4700::5efe:10.0.0.1',
  'fd00:ec2::254',
  'fc00::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '100::1',
];

const open = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '169.253.0.1',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '0:0:0:0:0:ffff:808:808',
  '64:ff9b::8.8.8.8',
  '2002:808:808::1',
  '2606:4700:4700::1111',
  '2a00:1450:4001:800::200e',
];

describe('specialUse', () => {
  it.each(refused)('refuses %s', (address) => {
    expect(specialUse(address)).not.toBeNull();
  });

  it.each(open)('lets %s pass', (address) => {
    expect(specialUse(address)).toBeNull();
  });

  it('judges every way to write an IPv4 address into IPv6 like the address itself', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), ([a, b, c, d]) => {
        const ipv4 = `${a}.${b}.${c}.${d}`;
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const use = specialUse(ipv4);
        for (const form of [
          `::ffff:${ipv4}`,
          `::ffff:${hex}`,
          `64:ff9b::${hex}`,
          `2002:${hex}::`,
        ]) {
          expect(specialUse(form)).toBe(use);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('plainAddress', () => {
  it('takes brackets and zones away and knows names from addresses', () => {
    expect(plainAddress('[::1]')).toBe('::1');
    expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
    expect(plainAddress('127.0.0.1')).toBe('127.0.0.1');
    expect(plainAddress('example.com')).toBeNull();
  });

  it('reads the groups of any IPv6 address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const groups = ipv6Groups(address);
        expect(groups).toHaveLength(8);
        const text = groups.map((group) => group.toString(16)).join(':');
        expect(new URL(`http://[${text}]`).hostname).toBe(new URL(`http://[${address}]`).hostname);
      }),
    );
  });
});
