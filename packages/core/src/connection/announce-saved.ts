import type { EventBus } from '../event/event-bus.js';
import { systemContext } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Logger } from '../platform/logger.port.js';
import type { Connection, ConnectionId } from './connection.js';
import type { SavedAccount } from './save-account.js';

/**
 * Lets the jobs go on that were parked because a connection needed to be authorised again. The installation feature
 * implements it; it must be safe to call when nothing is parked.
 */
export type ResumeParked = (context: Context, connectionId: ConnectionId) => Promise<void>;

/** What {@link announceReauthorized} needs. */
export interface ReauthorizedParts {
  readonly events: EventBus;
  readonly resumeParked: ResumeParked;
}

interface Caller {
  readonly requestId: string;
  readonly logger: Logger;
}

/** Tells that a connection works again and lets parked jobs go on. Never throws: the connection is saved. */
export async function announceReauthorized(
  connection: Connection,
  caller: Caller,
  parts: ReauthorizedParts,
): Promise<void> {
  const { id: connectionId, tenantId, connector, userId } = connection;
  parts.events.publish(tenantId, 'connection.reauthorized', { connectionId, connector, userId });
  const { requestId, logger } = caller;
  try {
    await parts.resumeParked(systemContext({ requestId, tenantId, logger }), connectionId);
  } catch (error) {
    logger.error('The parked jobs of a connection could not be resumed', { connectionId, error });
  }
}

/** Tells what saving an account did. */
export async function announceSaved(
  saved: SavedAccount,
  caller: Caller,
  parts: ReauthorizedParts,
): Promise<void> {
  const { connection, previousState } = saved;
  if (previousState !== null) return announceReauthorized(connection, caller, parts);
  const { id: connectionId, tenantId, connector, userId } = connection;
  parts.events.publish(tenantId, 'connection.created', { connectionId, connector, userId });
}
