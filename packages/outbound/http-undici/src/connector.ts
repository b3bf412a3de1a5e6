import type { LookupFunction } from 'node:net';
import type { buildConnector as BuildConnector } from 'undici';
import type { EgressPolicy } from './egress-policy.js';
import { buildConnector } from './undici-parts.js';

/** Opens connections under the policy: hosts that it names freely, all others through its own look-up. */
export function policedConnector(
  policy: EgressPolicy,
  options: { readonly timeoutMs: number; readonly lookup?: LookupFunction | undefined },
): BuildConnector.connector {
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
    const refused = policy.refusedLiteral(target.hostname);
    if (refused === null) checked(target, callback);
    else callback(refused, null);
  };
}
