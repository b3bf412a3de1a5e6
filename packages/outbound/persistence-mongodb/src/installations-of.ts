import { among, type Filter } from './filter.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';

/** Condition on `installationId`: the one that is named, and among those of a user when one is named. */
export async function installationsOf(
  session: Session,
  tenantId: string,
  filter: { readonly installationId?: string; readonly userId?: string },
): Promise<Filter> {
  const { installationId, userId } = filter;
  if (userId === undefined) return { installationId };
  const own = { userId, id: installationId };
  const ids = await new Rows(session, 'installations').of(tenantId).findIds(own);
  return { installationId: among(ids) };
}
