import type { Connection } from '../connection/connection.js';
import type { EventBus } from '../event/event-bus.js';
import type { Clock } from '../platform/clock.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import { hasCode } from '../platform/tenon.error.js';
import type { Credential } from './credential.js';

/**
 * Says that a person has to connect again, if the credential that failed is still the stored one: row and state change in one
 * transaction. False when somebody stored another credential meanwhile; then read it.
 */
export async function markNeedsReauthorization(
  failed: { readonly credential: Credential; readonly connector: string; readonly code: string },
  parts: {
    readonly persistence: Pick<Persistence, 'transaction'>;
    readonly clock: Clock;
    readonly events: EventBus;
  },
): Promise<boolean> {
  const { credential, connector, code } = failed;
  const { tenantId, connectionId } = credential;
  const at = parts.clock.now();
  const problem: Connection['problem'] = {
    code,
    message: `'${connector}' does not accept the credential any more; connect again`,
  };
  let changed: Connection | null;
  try {
    changed = await parts.persistence.transaction(async ({ credentials, connections }) => {
      await credentials.update({ ...credential, refreshAttempt: null, updatedAt: at });
      return connections.setState(tenantId, connectionId, {
        state: 'needs_reauthorization',
        problem,
        at,
      });
    });
  } catch (error) {
    if (hasCode(error, 'VERSION_CONFLICT')) return false;
    throw error;
  }
  if (changed) {
    const data = { connectionId, connector, userId: changed.userId, code };
    parts.events.publish(tenantId, 'connection.needs_reauthorization', data);
  }
  return true;
}
