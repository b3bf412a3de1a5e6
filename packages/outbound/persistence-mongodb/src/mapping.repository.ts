import type { Mapping, MappingRepository, MappingScope } from '@tenon/core';
import { keyPrefix, prefixEnd } from './document.js';
import { afterUntil, among, between, type Filter } from './filter.js';
import { addToCount, rowCount, type Counted } from './row-count.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

type Upsert = Pick<Mapping, 'sourceId' | 'targetId' | 'hash' | 'state'>;

const hasIds = (scope: MappingScope): boolean => areIds(scope.installationId, scope.tenantId);

const countOf = ({ tenantId, installationId, kind }: MappingScope): Counted => ({
  tenantId,
  installationId,
  name: `mappings:${kind}`,
});

const byCodeUnit = (a: Upsert, b: Upsert): number =>
  a.sourceId < b.sourceId ? -1 : Number(a.sourceId > b.sourceId);

/** One row per key, the last wins; in one order everywhere, so that two writers meet at their first row. */
function distinct(rows: readonly Upsert[]): readonly Upsert[] {
  return [...new Map(rows.map((row) => [row.sourceId, row])).values()].sort(byCodeUnit);
}

const keysOf = ({
  tenantId,
  installationId,
  kind,
}: MappingScope): ((sourceId: string) => string) => {
  const prefix = keyPrefix([tenantId, installationId, kind]);
  return (sourceId) => prefix + sourceId;
};

export class MongodbMappingRepository implements MappingRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'mappings');
  }

  async upsertMany(scope: MappingScope, rows: readonly Upsert[], at: Date): Promise<number> {
    if (rows.length === 0) return 0;
    const { installationId, kind, tenantId } = scope;
    const idOf = keysOf(scope);
    const changes = distinct(rows).map((row) => {
      const { sourceId, targetId, hash, state } = row;
      const set = this.#rows.codec.stored({ targetId, hash, state, updatedAt: at });
      const onInsert = this.#rows.codec.stored({ installationId, kind, sourceId });
      return { id: idOf(sourceId), filter: null, change: { set, onInsert } };
    });
    return this.#session.together(async (session) => {
      const { inserted } = await new Rows(session, 'mappings').of(tenantId).bulk(changes);
      await addToCount(session, countOf(scope), inserted.size);
      return changes.length;
    });
  }

  async #find(scope: MappingScope, filter: Filter, limit?: number): Promise<readonly Mapping[]> {
    const order = { sort: { _id: 1 }, ...(limit !== undefined && { limit }) } as const;
    const rows = await this.#rows.of(scope.tenantId).find(filter, order);
    return rows as unknown as readonly Mapping[];
  }

  async findMany(scope: MappingScope, sourceIds: readonly string[]): Promise<readonly Mapping[]> {
    if (!hasIds(scope) || sourceIds.length === 0) return [];
    const ids = [...new Set(sourceIds)].map(keysOf(scope));
    return (await this.#rows.of(scope.tenantId).find({ _id: among(ids) })) as unknown as Mapping[];
  }

  async findByTarget(scope: MappingScope, targetId: string): Promise<readonly Mapping[]> {
    if (!hasIds(scope)) return [];
    const { installationId, kind } = scope;
    return this.#find(scope, { installationId, kind, targetId });
  }

  async list(
    scope: MappingScope,
    afterSourceId: string | null,
    limit: number,
  ): Promise<readonly Mapping[]> {
    if (!hasIds(scope)) return [];
    const prefix = keysOf(scope)('');
    const end = prefixEnd(prefix);
    const range =
      afterSourceId === null ? between(prefix, end) : afterUntil(prefix + afterSourceId, end);
    return this.#find(scope, { _id: range }, limit);
  }

  async count(scope: MappingScope): Promise<number> {
    return hasIds(scope) ? rowCount(this.#session, countOf(scope)) : 0;
  }

  async deleteMany(scope: MappingScope, sourceIds: readonly string[]): Promise<number> {
    if (!hasIds(scope) || sourceIds.length === 0) return 0;
    const ids = sourceIds.map(keysOf(scope));
    return this.#session.together(async (session) => {
      const rows = new Rows(session, 'mappings').of(scope.tenantId);
      const deleted = await rows.delete({ _id: among(ids) });
      await addToCount(session, countOf(scope), -deleted);
      return deleted;
    });
  }
}
