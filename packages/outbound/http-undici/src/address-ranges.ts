import net, { isIPv4, type BlockList } from 'node:net';
import { embeddedIpv4 } from './ip-address.js';

/** IPv4 ranges that no integration calls by accident (IANA special-purpose registry, plus one cloud's control address). */
const IPV4_RANGES: readonly (readonly [prefix: string, bits: number, what: string])[] = [
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-grade NAT'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local or metadata'],
  ['168.63.129.16', 32, 'metadata'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'benchmarking'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];

/** Refused parts of 2000::/3, the only part of IPv6 that is reachable from everywhere. */
const IPV6_RANGES: readonly (readonly [prefix: string, bits: number, what: string])[] = [
  ['2001::', 23, 'reserved'],
  ['2001:db8::', 32, 'documentation'],
  ['3fff::', 20, 'documentation'],
];

/** A list of one range. */
export function listOf(prefix: string, bits: number): BlockList {
  // By the module: Node loads the class when it is read.
  const list = new net.BlockList();
  list.addSubnet(prefix, bits, isIPv4(prefix) ? 'ipv4' : 'ipv6');
  return list;
}

/** Made for the first address: processes that call nobody need none of it. */
function makeLists() {
  const named = (ranges: typeof IPV4_RANGES) =>
    ranges.map(([prefix, bits, what]) => ({ list: listOf(prefix, bits), what }));
  return {
    ipv4: named(IPV4_RANGES),
    ipv6: named(IPV6_RANGES),
    globalIpv6: listOf('2000::', 3),
    judgedByIpv4: [listOf('::ffff:0:0', 96), listOf('64:ff9b::', 96)],
  };
}

let made: ReturnType<typeof makeLists> | undefined;

/** What kind of address this is, when it is one that must not be called by default; null for public ones. */
export function specialUse(address: string): string | null {
  const { ipv4, ipv6, globalIpv6, judgedByIpv4 } = (made ??= makeLists());
  if (isIPv4(address)) return ipv4.find(({ list }) => list.check(address))?.what ?? null;
  const inner = embeddedIpv4(address);
  const innerUse = inner === null ? null : specialUse(inner);
  if (innerUse !== null) return innerUse;
  // To the system these are the IPv4 addresses that they hold, which were just judged.
  if (judgedByIpv4.some((list) => list.check(address, 'ipv6'))) return null;
  if (!globalIpv6.check(address, 'ipv6')) return 'private, loopback, link-local or multicast';
  return ipv6.find(({ list }) => list.check(address, 'ipv6'))?.what ?? null;
}
