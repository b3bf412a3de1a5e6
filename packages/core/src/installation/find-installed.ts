import { MAX_PAGE_LIMIT, decodeCursor } from '../platform/page.js';
import type { Cursor } from '../platform/page.js';
import type { InstallationRepository } from './installation-repository.port.js';
import type { Installation } from './installation.js';

/** The installation of the same integration on the same connections, or null. */
export async function findInstalled(
  installations: InstallationRepository,
  wished: Pick<Installation, 'tenantId' | 'integration' | 'connections' | 'connectionsKey'>,
): Promise<Installation | null> {
  const { tenantId, integration } = wished;
  const [connectionId] = Object.values(wished.connections);
  const filter = { integration, ...(connectionId !== undefined && { connectionId }) };
  for (let after: Cursor | null = null; ;) {
    const page = await installations.list(tenantId, filter, { limit: MAX_PAGE_LIMIT, after });
    const found = page.items.find((row) => row.connectionsKey === wished.connectionsKey);
    if (found) return found;
    if (page.nextCursor === null) return null;
    after = decodeCursor(page.nextCursor);
  }
}
