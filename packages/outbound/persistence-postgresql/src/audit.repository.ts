import {
  toPage,
  type AuditEntry,
  type AuditFilter,
  type AuditHead,
  type AuditRepository,
  type Page,
  type PageQuery,
  type TenantId,
} from '@tenon/core';
import { columns } from './columns.js';
import { Conditions } from './conditions.js';
import { pageClause } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds, toJson } from './values.js';

type Row = Omit<AuditEntry, 'actor' | 'subject'> & {
  readonly actorKind: AuditEntry['actor']['kind'];
  readonly actorUserId: AuditEntry['actor']['userId'];
  readonly subjectType: string;
  readonly subjectId: string;
};

const ROW = columns<Row>(
  'audit',
  [
    'id',
    'tenantId',
    'sequence',
    'createdAt',
    'actorKind',
    'actorUserId',
    'action',
    'subjectType',
    'subjectId',
    'details',
    'requestId',
    'previousHash',
    'hash',
  ],
  ['sequence'],
);

const HEAD = prepared(
  'audit.head',
  'SELECT sequence::float8 AS sequence, hash FROM audit_heads WHERE tenant_id = $1',
);

/** Moves the head, on which writers wait for each other, and writes the entries if it was the one that they follow. */
const APPEND = prepared(
  'audit.append',
  `WITH moved AS (
     INSERT INTO audit_heads (tenant_id, sequence, hash, updated_at)
     SELECT $1::uuid, $4::bigint, $5::text, $6::timestamptz
     WHERE $2::bigint = 0 OR EXISTS (SELECT 1 FROM audit_heads WHERE tenant_id = $1::uuid)
     ON CONFLICT (tenant_id) DO UPDATE
     SET sequence = excluded.sequence, hash = excluded.hash, updated_at = excluded.updated_at
     WHERE audit_heads.sequence = $2::bigint AND audit_heads.hash = $3::text RETURNING 1)
   INSERT INTO audit (tenant_id, id, sequence, created_at, actor_kind, actor_user_id, action, subject_type, subject_id,
     details, request_id, previous_hash, hash)
   SELECT $1::uuid, id, sequence, created_at, actor_kind, actor_user_id, action, subject_type, subject_id,
     details::jsonb, request_id, previous_hash, hash
   FROM unnest($7::uuid[], $8::bigint[], $9::timestamptz[], $10::text[], $11::uuid[], $12::text[], $13::text[],
     $14::text[], $15::text[], $16::text[], $17::text[], $18::text[]) AS given (id, sequence, created_at, actor_kind,
     actor_user_id, action, subject_type, subject_id, details, request_id, previous_hash, hash)
   WHERE EXISTS (SELECT 1 FROM moved)`,
);

const READ = prepared(
  'audit.read',
  `SELECT ${ROW.list} FROM audit WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
);

function toEntry(row: Row): AuditEntry {
  const { actorKind, actorUserId, subjectType, subjectId, ...entry } = row;
  const actor = { kind: actorKind, userId: actorUserId };
  return { ...entry, actor, subject: { type: subjectType, id: subjectId } };
}

function columnsOf(entries: readonly AuditEntry[]): unknown[] {
  const column = (read: (entry: AuditEntry) => unknown): unknown[] => entries.map(read);
  return [
    column(({ id }) => id),
    column(({ sequence }) => sequence),
    column(({ createdAt }) => createdAt),
    column(({ actor }) => actor.kind),
    column(({ actor }) => actor.userId),
    column(({ action }) => action),
    column(({ subject }) => subject.type),
    column(({ subject }) => subject.id),
    column(({ details }) => toJson(details)),
    column(({ requestId }) => requestId),
    column(({ previousHash }) => previousHash),
    column(({ hash }) => hash),
  ];
}

export class PostgresqlAuditRepository implements AuditRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async head(tenantId: TenantId): Promise<AuditHead | null> {
    return areIds(tenantId) ? this.#session.row<AuditHead>(HEAD, [tenantId]) : null;
  }

  async append(
    tenantId: TenantId,
    head: AuditHead | null,
    entries: readonly AuditEntry[],
  ): Promise<number> {
    const last = entries.at(-1);
    if (!last) return 0;
    const before = [head?.sequence ?? 0, head?.hash ?? null];
    const next = [last.sequence, last.hash, last.createdAt];
    return this.#session.run(APPEND, [tenantId, ...before, ...next, ...columnsOf(entries)]);
  }

  async list(tenantId: TenantId, filter: AuditFilter, page: PageQuery): Promise<Page<AuditEntry>> {
    if (!areIds(tenantId, filter.actorUserId)) return toPage<AuditEntry>([], page.limit);
    const conditions = new Conditions()
      .equal('tenant_id', tenantId)
      .equal('action', filter.action)
      .equal('subject_type', filter.subjectType)
      .equal('subject_id', filter.subjectId)
      .equal('actor_kind', filter.actorKind)
      .equal('actor_user_id', filter.actorUserId);
    if (filter.from) conditions.add(`created_at >= ${conditions.place(filter.from)}`);
    if (filter.to) conditions.add(`created_at < ${conditions.place(filter.to)}`);
    const text = `SELECT ${ROW.list} FROM audit ${pageClause(conditions, 'audit', page)}`;
    const rows = await this.#session.rows<Row>({ text }, conditions.values);
    return toPage(rows.map(toEntry), page.limit);
  }

  async read(
    tenantId: TenantId,
    afterSequence: number,
    limit: number,
  ): Promise<readonly AuditEntry[]> {
    if (!areIds(tenantId)) return [];
    return (await this.#session.rows<Row>(READ, [tenantId, afterSequence, limit])).map(toEntry);
  }
}
