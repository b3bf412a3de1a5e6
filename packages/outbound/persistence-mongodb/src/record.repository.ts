import { randomUUID } from 'node:crypto';
import type {
  RecordChanges,
  RecordPass,
  RecordRepository,
  RecordScope,
  SeenRecord,
  SyncRecord,
} from '@tenon/core';
import { keyPrefix, prefixEnd } from './document.js';
import { afterUntil, among, below, between, not, type Filter } from './filter.js';
import { upsertRecords } from './record-upsert.js';
import { addToCount, rowCount, type Counted } from './row-count.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

const hasIds = ({ syncId, installationId, tenantId }: RecordScope): boolean =>
  areIds(syncId, installationId, tenantId);

const countOf = ({ tenantId, installationId, syncId, side }: RecordScope): Counted => ({
  tenantId,
  installationId,
  name: `records:${syncId}:${side}`,
});

const prefixOf = ({ tenantId, syncId, side }: RecordScope): string =>
  keyPrefix([tenantId, syncId, side]);

/** The `_id`s after an external id, or all. */
function rangeOf(scope: RecordScope, after: string | null): Filter {
  const prefix = prefixOf(scope);
  const end = prefixEnd(prefix);
  const { installationId } = scope;
  const range = after === null ? between(prefix, end) : afterUntil(prefix + after, end);
  return { _id: range, installationId };
}

export class MongodbRecordRepository implements RecordRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async upsertMany(
    scope: RecordScope,
    rows: readonly SeenRecord[],
    pass: RecordPass,
  ): Promise<RecordChanges> {
    if (rows.length === 0) return { created: [], changed: [], unchanged: [] };
    return this.#session.together(async (session) => {
      const { changes, added } = await upsertRecords(
        session,
        { scope, prefix: prefixOf(scope) },
        { rows, pass },
      );
      await addToCount(session, countOf(scope), added);
      return changes;
    });
  }

  async #find(
    session: Session,
    scope: RecordScope,
    { filter, limit }: { readonly filter: Filter; readonly limit?: number },
  ): Promise<readonly SyncRecord[]> {
    const order = { sort: { _id: 1 }, ...(limit !== undefined && { limit }) } as const;
    const rows = await new Rows(session, 'records').of(scope.tenantId).find(filter, order);
    return rows as unknown as readonly SyncRecord[];
  }

  async findMany(
    scope: RecordScope,
    externalIds: readonly string[],
  ): Promise<readonly SyncRecord[]> {
    if (!hasIds(scope) || externalIds.length === 0) return [];
    return this.#find(this.#session, scope, { filter: this.#named(scope, externalIds) });
  }

  async list(
    scope: RecordScope,
    afterExternalId: string | null,
    limit: number,
  ): Promise<readonly SyncRecord[]> {
    if (!hasIds(scope)) return [];
    return this.#find(this.#session, scope, { filter: rangeOf(scope, afterExternalId), limit });
  }

  #named(scope: RecordScope, externalIds: readonly string[]): Filter {
    const prefix = prefixOf(scope);
    const { installationId } = scope;
    return { _id: among([...new Set(externalIds)].map((id) => prefix + id)), installationId };
  }

  /** Makes tombstones of the living among these; answers their ids. */
  async #bury(
    session: Session,
    scope: RecordScope,
    { filter, at }: { readonly filter: Filter; readonly at: Date },
  ): Promise<readonly string[]> {
    const records = new Rows(session, 'records').of(scope.tenantId);
    const mark = randomUUID();
    const set = { deletedAt: at, updatedAt: at, _taken: mark };
    const buried = await records.updateMany({ ...filter, deletedAt: null }, { set });
    if (buried === 0) return [];
    // Those that this statement buried, and not another one at the same moment.
    const found = await records.find({ ...filter, deletedAt: at, _taken: mark });
    await addToCount(session, countOf(scope), -buried);
    return found.map((row) => String(row['externalId']));
  }

  async markDeleted(
    scope: RecordScope,
    externalIds: readonly string[],
    at: Date,
  ): Promise<readonly string[]> {
    if (!hasIds(scope) || externalIds.length === 0) return [];
    const filter = this.#named(scope, externalIds);
    return this.#session.together((session) => this.#bury(session, scope, { filter, at }));
  }

  async markUnseenDeleted(
    scope: RecordScope,
    pass: RecordPass,
    { after, limit }: { readonly after: string | null; readonly limit: number },
  ): Promise<{ readonly deleted: readonly string[]; readonly next: string | null }> {
    if (!hasIds(scope)) return { deleted: [], next: null };
    return this.#session.together(async (session) => {
      const step = await this.#find(session, scope, { filter: rangeOf(scope, after), limit });
      const last = step.at(-1);
      if (!last) return { deleted: [], next: null };
      const ids = step.map(({ externalId }) => externalId);
      const filter = { ...this.#named(scope, ids), generation: below(pass.generation) };
      const deleted = await this.#bury(session, scope, { filter, at: pass.at });
      return { deleted, next: step.length < limit ? null : last.externalId };
    });
  }

  async count(scope: RecordScope): Promise<number> {
    return hasIds(scope) ? rowCount(this.#session, countOf(scope)) : 0;
  }

  async deleteMany(scope: RecordScope, externalIds: readonly string[]): Promise<number> {
    if (!hasIds(scope) || externalIds.length === 0) return 0;
    const filter = this.#named(scope, externalIds);
    return this.#session.together(async (session) => {
      const rows = new Rows(session, 'records').of(scope.tenantId);
      const living = await rows.delete({ ...filter, deletedAt: null });
      await addToCount(session, countOf(scope), -living);
      // Tombstones alone: one that came to life meanwhile counts, and is its writer's.
      return living + (await rows.delete({ ...filter, deletedAt: not(null) }));
    });
  }
}
