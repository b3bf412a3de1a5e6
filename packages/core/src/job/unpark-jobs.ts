import type { ConnectionId } from '../connection/connection.js';
import type { EventBus } from '../event/event-bus.js';
import type { Logger } from '../platform/logger.port.js';
import { MAX_PAGE_LIMIT, decodeCursor } from '../platform/page.js';
import type { Cursor } from '../platform/page.js';
import type { TenantId } from '../tenant/tenant.js';
import type { DispatchParts } from './job-parts.js';
import { redriveMatching } from './redrive-jobs.js';

/**
 * Puts jobs on their way again that were parked because a connection had to be authorised again. Answers how many. Jobs that still
 * cannot run, because another connection of theirs does not work, are parked again.
 */
export async function unparkConnection(
  parts: DispatchParts,
  of: { readonly tenantId: TenantId; readonly connectionId: ConnectionId },
  logger: Logger,
): Promise<number> {
  const { tenantId, connectionId } = of;
  let redriven = 0;
  for (let after: Cursor | null = null; ;) {
    const page = { limit: MAX_PAGE_LIMIT, after };
    const found = await parts.persistence.installations.list(tenantId, { connectionId }, page);
    for (const { id: installationId } of found.items) {
      const filter = { installationId, reasons: ['needs_reauthorization' as const] };
      redriven += await redriveMatching(parts, { tenantId, filter }, logger);
    }
    if (found.nextCursor === null) return redriven;
    after = decodeCursor(found.nextCursor);
  }
}

/** Puts jobs on their way again that were parked while the tenant was suspended. Answers how many. */
export function unparkTenant(
  parts: DispatchParts,
  tenantId: TenantId,
  logger: Logger,
): Promise<number> {
  const filter = { reasons: ['installation_disabled' as const] };
  return redriveMatching(parts, { tenantId, filter }, logger);
}

/**
 * Listens for connections that were authorised again and puts their parked jobs on their way. Answers how to stop. When the process
 * dies in between, the next sweep does the same.
 */
export function unparkOnReauthorization(
  events: EventBus,
  parts: DispatchParts,
  logger: Logger,
): () => void {
  return events.subscribe('connection.reauthorized', async ({ tenantid, data }) => {
    const { connectionId } = data;
    const count = await unparkConnection(parts, { tenantId: tenantid, connectionId }, logger);
    if (count > 0) logger.info('Parked jobs go on', { connectionId, count });
  });
}
