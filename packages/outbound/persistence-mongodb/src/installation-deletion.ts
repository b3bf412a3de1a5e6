import {
  installationNamespace,
  type EntityName,
  type InstallationId,
  type TenantId,
} from '@tenon/core';
import { keyPrefix, prefixEnd } from './document.js';
import { among, between, type Filter } from './filter.js';
import { addToCount, countSteps } from './row-count.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';

/** What an installation owns, deliveries before their endpoints. */
const OWNED: readonly EntityName[] = [
  'syncs',
  'schedules',
  'associationObjects',
  'files',
  'states',
  'webhookDeliveries',
  'runs',
  'inbox',
  'deadLetters',
];

/** What it owns and is counted. */
const COUNTED: readonly EntityName[] = ['mappings', 'records'];

/** At most a few rows, or kept for nothing once the others are gone. */
const LAST: readonly EntityName[] = ['webhookEndpoints', 'rowCounts'];

/** Their `_id` begins with tenant and installation, so that they need no index for it. */
const BY_KEY: readonly EntityName[] = ['mappings', 'rowCounts'];

function ownedRows(name: EntityName, tenantId: TenantId, id: InstallationId): Filter {
  if (name === 'states') {
    const prefix = keyPrefix([tenantId, installationNamespace(id)]);
    return { _id: between(prefix, prefixEnd(prefix)) };
  }
  if (!BY_KEY.includes(name)) return { installationId: id };
  const prefix = keyPrefix([tenantId, id]);
  return { _id: between(prefix, prefixEnd(prefix)) };
}

/** Deletes at most `limit` rows, and takes them off their counts. How many. */
async function deleteCounted(
  session: Session,
  name: EntityName,
  { filter, limit, tenantId }: { filter: Filter; limit: number; tenantId: string },
): Promise<number> {
  const rows = new Rows(session, name);
  const found = await rows.of(tenantId).find(filter, { limit });
  const deleted = await rows
    .of(tenantId)
    .delete({ ...filter, _id: among(found.map((row) => rows.codec.idOf(row))) });
  for (const { of: count, step } of countSteps(name, found))
    await addToCount(session, count, -step);
  return deleted;
}

/** Deletes at most `limit` rows of each kind; the installation itself last. True when everything is gone. */
export async function deleteOwnedRows(
  session: Session,
  installation: { readonly tenantId: TenantId; readonly id: InstallationId },
  limit: number,
): Promise<boolean> {
  const { tenantId, id } = installation;
  const counts = await Promise.all([
    ...COUNTED.map((name) => {
      const filter = ownedRows(name, tenantId, id);
      return session.together((inside) => deleteCounted(inside, name, { filter, limit, tenantId }));
    }),
    ...OWNED.map((name) =>
      new Rows(session, name).of(tenantId).deleteSome(ownedRows(name, tenantId, id), { limit }),
    ),
  ]);
  if (Math.max(...counts) >= limit) return false;
  // Once their objects are gone, which they would take all of them along.
  const associations = new Rows(session, 'associations').of(tenantId);
  if ((await associations.deleteSome({ installationId: id }, { limit })) >= limit) return false;
  for (const name of LAST) {
    await new Rows(session, name).of(tenantId).delete(ownedRows(name, tenantId, id));
  }
  await new Rows(session, 'installations').of(tenantId).delete({ id });
  return true;
}
