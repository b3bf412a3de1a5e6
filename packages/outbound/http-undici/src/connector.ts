import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { egressRefused } from './http.errors.js';
import type { EgressPolicy } from './egress-policy.js';
import { plainAddress } from './ip-address.js';

/** Opens connections under the policy: hosts that it names freely, all others through its own look-up. */
export function policedConnector(
  policy: EgressPolicy,
  options: { readonly timeoutMs: number; readonly lookup?: LookupFunction | undefined },
): buildConnector.connector {
  const base = { timeout: options.timeoutMs, keepAlive: true };
  const open = buildConnector({ ...base, ...(options.lookup && { lookup: options.lookup }) });
  const checked = buildConnector({ ...base, lookup: policy.lookup(options.lookup) });
  return (target, callback) => {
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
    if (policy.names(target.hostname, port)) {
      open(target, callback);
      return;
    }
    // Literal addresses skip the look-up.
    const address = plainAddress(target.hostname);
    const refusal = address === null ? null : policy.refusalOf(address);
    if (refusal === null) checked(target, callback);
    else callback(egressRefused(target.hostname, refusal), null);
  };
}
