import {
  hasCode,
  toPage,
  type AuditEntry,
  type AuditFilter,
  type AuditHead,
  type AuditRepository,
  type Page,
  type PageQuery,
  type TenantId,
} from '@tenon/core';
import { above, below, between, from as startingAt } from './filter.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Row } from './scoped-reads.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

function toEntry(row: Row): AuditEntry {
  const { actorKind: kind, actorUserId: userId, subjectType: type, subjectId, ...rest } = row;
  const nested = { actor: { kind, userId }, subject: { type, id: subjectId } };
  return { ...rest, ...nested } as unknown as AuditEntry;
}

function toRow(tenantId: TenantId, { actor, subject, ...rest }: AuditEntry): Row {
  const flat = { actorKind: actor.kind, actorUserId: actor.userId };
  return { ...rest, ...flat, tenantId, subjectType: subject.type, subjectId: subject.id };
}

/** What the filter asks of the time, and the cursor too: a field has one condition. */
function timeOf({ from, to: end }: AuditFilter, after: PageQuery['after']) {
  const next = after && new Date(after.at.getTime() + 1);
  const to = next && (!end || next < end) ? next : end;
  if (from && to) return between(from, to);
  return from ? startingAt(from) : to && below(to);
}

export class MongodbAuditRepository implements AuditRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'audit');
  }

  async head(tenantId: TenantId): Promise<AuditHead | null> {
    if (!areIds(tenantId)) return null;
    const row = await new Rows(this.#session, 'auditHeads').of(tenantId).findOne({});
    return row && { sequence: row['sequence'] as number, hash: row['hash'] as string };
  }

  /** The head moves first: who does not move it writes nothing. Without transactions it is moved back when an entry cannot be written. */
  async append(
    tenantId: TenantId,
    head: AuditHead | null,
    entries: readonly AuditEntry[],
  ): Promise<number> {
    const last = entries.at(-1);
    if (!last) return 0;
    try {
      return await this.#session.wholly(async (session) => {
        const heads = new Rows(session, 'auditHeads').of(tenantId);
        const { sequence, hash, createdAt: updatedAt } = last;
        if (head) {
          const set = { sequence, hash, updatedAt };
          if (!(await heads.update({ sequence: head.sequence, hash: head.hash }, { set })))
            return 0;
        } else {
          if ((await heads.findOne({})) !== null) return 0;
          await heads.insert({ tenantId, sequence, hash, updatedAt });
        }
        await new Rows(session, 'audit')
          .of(tenantId)
          .insertMany(entries.map((entry) => toRow(tenantId, entry)));
        return entries.length;
      });
    } catch (error) {
      const beaten = head === null && hasCode(error, 'UNIQUE_CONFLICT');
      if (beaten && (await this.head(tenantId)) !== null) return 0;
      throw error;
    }
  }

  async list(tenantId: TenantId, filter: AuditFilter, page: PageQuery): Promise<Page<AuditEntry>> {
    const { action, subjectType, subjectId, actorKind, actorUserId } = filter;
    if (!areIds(tenantId, actorUserId)) return toPage<AuditEntry>([], page.limit);
    const equal = { action, subjectType, subjectId, actorKind, actorUserId };
    const { filter: where, ...order } = pageOf(equal, page);
    const createdAt = timeOf(filter, page.after);
    const rows = await this.#rows.of(tenantId).find({ ...where, createdAt }, order);
    return toPage(rows.map(toEntry), page.limit);
  }

  async read(
    tenantId: TenantId,
    afterSequence: number,
    limit: number,
  ): Promise<readonly AuditEntry[]> {
    if (!areIds(tenantId)) return [];
    const order = { sort: { sequence: 1 }, limit } as const;
    return (await this.#rows.of(tenantId).find({ sequence: above(afterSequence) }, order)).map(
      toEntry,
    );
  }
}
