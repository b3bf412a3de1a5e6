import type { EntityName } from '@tenon/core';
import { compositeKey, keyPrefix, prefixEnd } from './document.js';
import { between } from './filter.js';
import { Rows } from './rows.js';
import type { Row } from './scoped-reads.js';
import type { Session } from './session.js';

/** Writers spread over so many documents, so that they do not meet. */
const SLOTS = 8;

/** What is counted. */
export interface Counted {
  readonly tenantId: string;
  readonly installationId: string;
  /** `mappings:<kind>` or `records:<sync id>:<side>`. */
  readonly name: string;
}

/** The count that a row is in; null for rows that are not counted. */
function countOf(entity: EntityName, row: Row): Counted | null {
  const [tenantId, installationId] = [String(row['tenantId']), String(row['installationId'])];
  if (entity === 'mappings') {
    return { tenantId, installationId, name: `mappings:${String(row['kind'])}` };
  }
  if (entity !== 'records' || row['deletedAt'] !== null) return null;
  const name = `records:${String(row['syncId'])}:${String(row['side'])}`;
  return { tenantId, installationId, name };
}

/** How many of these rows each count holds. */
export function countSteps(
  entity: EntityName,
  rows: readonly Row[],
): readonly { readonly of: Counted; readonly step: number }[] {
  const steps = new Map<string, { readonly of: Counted; readonly step: number }>();
  for (const row of rows) {
    const of = countOf(entity, row);
    if (of === null) continue;
    const key = JSON.stringify(of);
    steps.set(key, { of, step: (steps.get(key)?.step ?? 0) + 1 });
  }
  return [...steps.values()];
}

/** Moves a count; belongs into the transaction of the rows that it counts. */
export async function addToCount(session: Session, of: Counted, step: number): Promise<void> {
  if (step === 0) return;
  const { tenantId, installationId, name } = of;
  const slot = Math.floor(Math.random() * SLOTS);
  const id = compositeKey([tenantId, installationId, name, slot]);
  const change = { add: { total: step }, onInsert: { installationId, name, slot } };
  await new Rows(session, 'rowCounts').of(tenantId).bulk([{ id, filter: null, change }]);
}

/** A count, as the sum of its slots. */
export async function rowCount(session: Session, of: Counted): Promise<number> {
  const { tenantId, installationId, name } = of;
  const prefix = keyPrefix([tenantId, installationId, name]);
  const rows = await new Rows(session, 'rowCounts')
    .of(tenantId)
    .find({ _id: between(prefix, prefixEnd(prefix)) });
  return rows.reduce((sum, row) => sum + Number(row['total']), 0);
}
