import { randomUUID } from 'node:crypto';
import {
  toPage,
  VersionConflictError,
  type ClaimedSchedule,
  type Page,
  type PageQuery,
  type Schedule,
  type ScheduleFilter,
  type ScheduleId,
  type ScheduleOutcome,
  type ScheduleRepository,
  type TenantId,
  type TimerKey,
} from '@tenon/core';
import { Computed, literal } from './change.js';
import { compareAndSet } from './compare-and-set.js';
import { above, among, upTo, type Filter } from './filter.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Row } from './scoped-reads.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

const MOST_OVERDUE_FIRST = { nextAt: 1, _id: 1 } as const;

function toSchedule(row: Row): Schedule {
  const { leaseOwner: _owner, leaseUntil: _until, ...rest } = row;
  // Those that were stored before there was a choice.
  const added = { catchUp: 'last', lastMissedAt: null, lastMiss: null };
  return { ...added, ...rest } as unknown as Schedule;
}

const isDue = (now: Date, only?: TimerKey): Filter => ({
  ...(only && { id: only.id, tenantId: only.tenantId }),
  enabled: true,
  nextAt: upTo(now),
  any: [{ leaseUntil: null }, { leaseUntil: upTo(now) }],
});

/** A `nextAt` other than the one that was claimed stays: somebody has planned the schedule anew. */
function settling(
  dueAt: Date,
  { nextAt, missed, lastMissed, started, at }: ScheduleOutcome,
): Computed {
  const isSame = { $eq: ['$nextAt', literal(dueAt)] };
  return new Computed([
    {
      leaseOwner: literal(null),
      leaseUntil: literal(null),
      missed: { $add: ['$missed', missed] },
      nextAt: { $cond: [isSame, literal(nextAt), '$nextAt'] },
      enabled: { $cond: [isSame, literal(nextAt !== null), '$enabled'] },
      ...(started && { lastRunId: literal(started.runId), lastStartedAt: literal(started.at) }),
      ...(lastMissed && {
        lastMissedAt: literal(lastMissed.at),
        lastMiss: literal(lastMissed.reason),
      }),
      updatedAt: literal(at),
      version: { $add: ['$version', 1] },
    },
  ]);
}

export class MongodbScheduleRepository implements ScheduleRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'schedules');
  }

  async insert(schedule: Schedule): Promise<void> {
    await this.#rows.of(schedule.tenantId).insert(schedule);
  }

  async find(tenantId: TenantId, id: ScheduleId): Promise<Schedule | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#rows.of(tenantId).findOne({ id });
    return row && toSchedule(row);
  }

  async list(tenantId: TenantId, filter: ScheduleFilter, page: PageQuery): Promise<Page<Schedule>> {
    const { installationId, enabled } = filter;
    if (!areIds(tenantId, installationId)) return toPage<Schedule>([], page.limit);
    const { filter: where, ...order } = pageOf({ installationId, enabled }, page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(rows.map(toSchedule), page.limit);
  }

  async update(schedule: Schedule): Promise<Schedule> {
    const fixed = ['installationId', 'name'];
    await compareAndSet(this.#rows, 'schedule', { row: schedule, fields: schedule, fixed });
    const changed = await this.find(schedule.tenantId, schedule.id);
    if (!changed) throw new VersionConflictError('schedule', schedule.id);
    return changed;
  }

  async claimDue(input: {
    readonly now: Date;
    readonly limit: number;
    readonly owner: string;
    readonly leaseMs: number;
    readonly only?: TimerKey | undefined;
  }): Promise<readonly ClaimedSchedule[]> {
    const { now, limit, owner, leaseMs, only } = input;
    if (only && !areIds(only.id, only.tenantId)) return [];
    const mark = randomUUID();
    const claimed = await this.#session.together(async (session) => {
      const rows = new Rows(session, 'schedules').acrossTenants();
      const ids = await rows.findIds(isDue(now, only), { sort: MOST_OVERDUE_FIRST, limit });
      if (ids.length === 0) return [];
      const leaseUntil = new Date(now.getTime() + leaseMs);
      const set = { leaseOwner: owner, leaseUntil, _taken: mark };
      await rows.updateMany({ ...isDue(now), id: among(ids) }, { set });
      // Whoever claims one first has it: the mark tells which ones are ours.
      return rows.find({ id: among(ids), _taken: mark }, { sort: MOST_OVERDUE_FIRST });
    });
    return claimed
      .map(toSchedule)
      .map((schedule) => ({ schedule, dueAt: schedule.nextAt ?? now, owner }));
  }

  async listEnabled(after: ScheduleId | null, limit: number): Promise<readonly Schedule[]> {
    if (!areIds(after)) return [];
    const filter = { enabled: true, ...(after !== null && { id: above(after) }) };
    const rows = this.#rows.acrossTenants();
    return (await rows.find(filter, { sort: { _id: 1 }, limit })).map(toSchedule);
  }

  async settle(claim: ClaimedSchedule, outcome: ScheduleOutcome): Promise<boolean> {
    const { schedule, dueAt, owner } = claim;
    const { id, tenantId } = schedule;
    if (!areIds(id, tenantId)) return false;
    const held = { id, leaseOwner: owner };
    return (await this.#rows.of(tenantId).change(held, settling(dueAt, outcome))) !== null;
  }

  async delete(tenantId: TenantId, id: ScheduleId): Promise<boolean> {
    return areIds(tenantId, id) && (await this.#rows.of(tenantId).delete({ id })) > 0;
  }
}
