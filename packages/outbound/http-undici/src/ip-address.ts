import { isIP, isIPv4 } from 'node:net';

/** An IP address as text without zone and brackets, or null for text that is none. */
export function plainAddress(text: string): string | null {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const address = bare.split('%', 1)[0] ?? '';
  return isIP(address) === 0 ? null : address;
}

/** The eight groups of an IPv6 address. */
export function ipv6Groups(address: string): readonly number[] {
  // The URL parser writes every form in hexadecimal, also `::ffff:127.0.0.1`.
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => parseInt(group, 16));
  const front = parse(head);
  if (tail === undefined) return front;
  const back = parse(tail);
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

function ipv4At(groups: readonly number[], index: number): string {
  const high = groups[index] ?? 0;
  const low = groups[index + 1] ?? 0;
  return `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`;
}

function startsWith(groups: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((group, index) => groups[index] === group);
}

/**
 * The IPv4 address that a packet to this IPv6 address may end up at: IPv4-mapped (RFC 4291 §2.5.5.2), NAT64 (RFC 6052), 6to4
 * (RFC 3056) and ISATAP (RFC 5214). Null for addresses that hold none.
 */
export function embeddedIpv4(address: string): string | null {
  if (isIPv4(address)) return null;
  const groups = ipv6Groups(address);
  if (startsWith(groups, [0, 0, 0, 0, 0, 0xffff])) return ipv4At(groups, 6);
  if (startsWith(groups, [0x64, 0xff9b, 0, 0, 0, 0])) return ipv4At(groups, 6);
  if (groups[0] === 0x2002) return ipv4At(groups, 1);
  const isatap = ((groups[4] ?? 0) & 0xfdff) === 0 && groups[5] === 0x5efe;
  return isatap ? ipv4At(groups, 6) : null;
}
