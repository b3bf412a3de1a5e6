import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { validateOptions } from '@tenon/core';
import type { TenonError } from '@tenon/core';
import { AllowList, canonicalHost } from './allow-list.js';
import { specialUse } from './address-ranges.js';
import { egressRefused } from './http.errors.js';
import { plainAddress } from './ip-address.js';

/** What an app may call. Public addresses are allowed; everything else must be named. */
export interface EgressOptions {
  /** Hosts (`crm.internal`), hosts with port (`localhost:3000`) or address ranges (`10.1.0.0/16`). */
  readonly allow?: readonly string[];
  /** Ports of hosts that `allow` does not name, for example `[80, 443]`. Default: all. */
  readonly ports?: readonly number[];
}

/** Refused without asking DNS, whatever it answers. */
const METADATA_HOSTS: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'instance-data',
  'instance-data.ec2.internal',
]);
const MAX_REMEMBERED_ORIGINS = 1_000;

/** `dns.lookup`; loaded here, because a process that calls nobody needs no DNS. */
function systemLookup(): LookupFunction {
  return process.getBuiltinModule('node:dns').lookup;
}

/** Decides what may be called: on the URL, on literal addresses and, inside the connection's own look-up, after DNS. */
export class EgressPolicy {
  readonly #allow: AllowList;
  readonly #ports: ReadonlySet<number> | null;
  readonly #passed = new Set<string>();

  /** @throws MisconfiguredError for unknown options and for entries of `allow` that cannot be read. */
  constructor(options: EgressOptions = {}) {
    const { allow, ports } = validateOptions<EgressOptions>('Egress policy', options, {
      defaults: { allow: [] },
      optional: ['ports'],
    });
    this.#allow = new AllowList(allow ?? []);
    this.#ports = ports === undefined ? null : new Set(ports);
  }

  /** @throws TenonError `EGRESS_REFUSED`. */
  checkUrl(url: URL): void {
    if (url.username !== '' || url.password !== '') {
      throw egressRefused(url.host, 'a URL must not hold a user name or password; send a header');
    }
    const { origin } = url;
    if (this.#passed.has(origin)) return;
    this.#checkOrigin(url);
    if (this.#passed.size >= MAX_REMEMBERED_ORIGINS) this.#passed.clear();
    this.#passed.add(origin);
  }

  /** True when `allow` names this host: its addresses are then not looked at. */
  names(hostname: string, port: number): boolean {
    return this.#allow.namesHost(hostname, port);
  }

  /** Why a connection to this address is refused; null when it is not. */
  refusalOf(address: string): string | null {
    const use = specialUse(address);
    return use === null || this.#allow.holdsAddress(address) ? null : `${address} is ${use}`;
  }

  /** The error for a host name that is a refused address; null when it is none. */
  refusedLiteral(hostname: string): TenonError | null {
    const address = plainAddress(hostname);
    const refusal = address === null ? null : this.refusalOf(address);
    return refusal === null ? null : egressRefused(hostname, refusal);
  }

  /** A look-up for `net.connect` that answers allowed addresses only: what was checked is what is connected to. */
  lookup(inner: LookupFunction = systemLookup()): LookupFunction {
    return (hostname, options, callback) => {
      inner(hostname, { ...options, all: true }, (error, found) => {
        if (error) {
          callback(error, []);
          return;
        }
        const addresses = found as unknown as LookupAddress[];
        const usable = addresses.filter(({ address }) => this.refusalOf(address) === null);
        const [first] = usable;
        if (first === undefined) {
          callback(egressRefused(hostname, this.#reasons(addresses)), []);
        } else if (options.all) callback(null, usable);
        else callback(null, first.address, first.family);
      });
    };
  }

  #reasons(addresses: readonly LookupAddress[]): string {
    return addresses.map(({ address }) => this.refusalOf(address)).join(', ') || 'no address';
  }

  #checkOrigin(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw egressRefused(url.protocol, 'only http: and https: are called');
    }
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    if (this.names(url.hostname, port)) return;
    const host = canonicalHost(url.hostname);
    if (METADATA_HOSTS.has(host)) throw egressRefused(host, 'it is a metadata service');
    if (this.#ports && !this.#ports.has(port))
      throw egressRefused(url.host, `port ${port} is closed`);
    const address = plainAddress(url.hostname);
    const refusal = address === null ? null : this.refusalOf(address);
    if (refusal !== null) throw egressRefused(host, refusal);
  }
}
