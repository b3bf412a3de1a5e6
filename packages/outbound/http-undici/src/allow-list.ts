import { isIP, isIPv4, isIPv6, type BlockList } from 'node:net';
import { MisconfiguredError } from '@tenon/core';
import { listOf } from './address-ranges.js';

interface Range {
  readonly list: BlockList;
  readonly family: 'ipv4' | 'ipv6';
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/;

/** What an app allows by name beyond public addresses: hosts, hosts with port, and address ranges. */
export class AllowList {
  readonly #hosts = new Set<string>();
  readonly #ranges: Range[] = [];

  /** @throws MisconfiguredError for an entry that is neither host, host:port nor CIDR. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      if (entry.includes('/')) this.#ranges.push(toRange(entry));
      else this.#hosts.add(toHost(entry));
    }
  }

  /** True when the URL's host, or host and port, is in the list. */
  namesHost(hostname: string, port: number): boolean {
    const host = canonicalHost(hostname);
    return this.#hosts.has(host) || this.#hosts.has(`${host}:${port}`);
  }

  /** True when a range holds the address. */
  holdsAddress(address: string): boolean {
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    return this.#ranges.some(
      (range) => range.family === family && range.list.check(address, family),
    );
  }
}

/** Lower case, no brackets, no final dot. */
export function canonicalHost(hostname: string): string {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

function refused(entry: string): MisconfiguredError {
  return new MisconfiguredError(
    `Egress policy: '${entry}' in allow is neither a host, host:port nor an address range such as 10.1.0.0/16`,
    { entry },
  );
}

function toRange(entry: string): Range {
  const [prefix = '', bits = '', ...rest] = entry.split('/');
  const family = isIPv4(prefix) ? 'ipv4' : 'ipv6';
  const size = Number(bits);
  const fits = /^\d{1,3}$/.test(bits) && size <= (family === 'ipv4' ? 32 : 128);
  if (isIP(prefix) === 0 || !fits || rest.length > 0) throw refused(entry);
  return { list: listOf(prefix, size), family };
}

function toHost(entry: string): string {
  const text = entry.toLowerCase();
  if (isIPv6(text)) return new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [, host, port] = HOST.exec(text) ?? [];
  if (host === undefined || Number(port ?? 1) > 65_535) throw refused(entry);
  // The URL parser writes addresses in one form, as it will do with the URLs that are compared.
  const name = URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`).hostname : null;
  if (name === null) throw refused(entry);
  return port === undefined ? canonicalHost(name) : `${canonicalHost(name)}:${Number(port)}`;
}
