import { ownedByUser, type EntityName } from '@tenon/core';
import { among } from './filter.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';

type Owned = readonly (readonly [entity: EntityName, field: string])[];

/** What goes with a row, and the field that names the row: what foreign keys do in other databases. */
const CASCADES: Partial<Record<EntityName, Owned>> = {
  users: [
    ...ownedByUser.map((name) => [name, 'userId'] as const),
    ['memberships', 'organizationId'],
  ],
  connections: [
    ['credentials', 'connectionId'],
    ['authorizationSessions', 'connectionId'],
  ],
  associations: [['associationObjects', 'associationId']],
  webhookEndpoints: [['webhookDeliveries', 'endpointId']],
};

/** Deletes what belongs to these rows. */
export async function deleteOwned(
  session: Session,
  entity: EntityName,
  { tenantId, ids }: { readonly tenantId: string; readonly ids: readonly string[] },
): Promise<void> {
  if (ids.length === 0) return;
  for (const [owned, field] of CASCADES[entity] ?? []) {
    await new Rows(session, owned).of(tenantId).delete({ [field]: among(ids) });
  }
}

/** Deletes a row and what belongs to it. False when there was none. */
export async function deleteWithOwned(
  session: Session,
  entity: EntityName,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
): Promise<boolean> {
  const rows = new Rows(session, entity).of(tenantId);
  if ((await rows.findIds({ id })).length === 0) return false;
  // What it owns first: should the process end between, the row is there to be deleted again.
  await deleteOwned(session, entity, { tenantId, ids: [id] });
  return (await rows.delete({ id })) > 0;
}
