import type { LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import connectorOf from 'undici/lib/core/connect.js';
import type { EgressPolicy } from './egress-policy.js';

/** Opens connections under the policy: hosts that it names freely, all others through its own look-up. */
export function policedConnector(
  policy: EgressPolicy,
  options: { readonly timeoutMs: number; readonly lookup?: LookupFunction | undefined },
): buildConnector.connector {
  const base = { timeout: options.timeoutMs, keepAlive: true };
  const open = connectorOf({ ...base, ...(options.lookup && { lookup: options.lookup }) });
  const checked = connectorOf({ ...base, lookup: policy.lookup(options.lookup) });
  return (target, callback) => {
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
    if (policy.names(target.hostname, port)) {
      open(target, callback);
      return;
    }
    // Literal addresses skip the look-up.
    const refused = policy.refusedLiteral(target.hostname);
    if (refused === null) checked(target, callback);
    else callback(refused, null);
  };
}
