import type {
  ClaimedSchedule,
  Page,
  PageQuery,
  Schedule,
  ScheduleFilter,
  ScheduleId,
  ScheduleOutcome,
  ScheduleRepository,
  TenantId,
  TimerKey,
} from '@tenon/core';
import type { Access } from './access.js';
import type { ScheduleRow } from './database.js';
import { compareAndSet, matches, owned, pageOf, where } from './rows.js';

const FREE = { leaseOwner: null, leaseUntil: null };

function toSchedule(row: ScheduleRow): Schedule {
  const { leaseOwner: _owner, leaseUntil: _until, ...schedule } = row;
  return schedule;
}

export class MemoryScheduleRepository implements ScheduleRepository {
  constructor(private readonly access: Access) {}

  insert(schedule: Schedule): Promise<void> {
    return this.access.run(({ schedules }) => {
      schedules.insert({ ...schedule, ...FREE });
    });
  }

  find(tenantId: TenantId, id: ScheduleId): Promise<Schedule | null> {
    return this.access.run(({ schedules }) => {
      const row = owned(schedules, tenantId, id);
      return row ? toSchedule(row) : null;
    });
  }

  list(tenantId: TenantId, filter: ScheduleFilter, page: PageQuery): Promise<Page<Schedule>> {
    return this.access.run(({ schedules }) => {
      const found = where(
        schedules.group('tenant', tenantId),
        (row) =>
          matches(filter.installationId, row.installationId) &&
          matches(filter.enabled, row.enabled),
      );
      const { items, nextCursor } = pageOf(found, page);
      return { items: items.map(toSchedule), nextCursor };
    });
  }

  update(schedule: Schedule): Promise<Schedule> {
    return this.access.run(({ schedules }) => {
      const current = owned(schedules, schedule.tenantId, schedule.id);
      const { installationId, name, createdAt } = current ?? schedule;
      const { leaseOwner, leaseUntil } = current ?? FREE;
      const fixed = { installationId, name, createdAt, leaseOwner, leaseUntil };
      return toSchedule(compareAndSet(schedules, 'schedule', { ...schedule, ...fixed }));
    });
  }

  claimDue(input: {
    readonly now: Date;
    readonly limit: number;
    readonly owner: string;
    readonly leaseMs: number;
    readonly only?: TimerKey | undefined;
  }): Promise<readonly ClaimedSchedule[]> {
    const { now, limit, owner, leaseMs, only } = input;
    return this.access.run(({ schedules }) => {
      const due: ClaimedSchedule[] = [];
      for (const row of schedules.group('planned', 'planned')) {
        const free = row.leaseUntil === null || row.leaseUntil <= now;
        if (only && (row.id !== only.id || row.tenantId !== only.tenantId)) continue;
        if (row.nextAt !== null && row.nextAt <= now && row.enabled && free)
          due.push({ schedule: toSchedule(row), dueAt: row.nextAt, owner });
      }
      const claimed = due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()).slice(0, limit);
      const lease = { leaseOwner: owner, leaseUntil: new Date(now.getTime() + leaseMs) };
      for (const { schedule } of claimed) schedules.put({ ...schedule, ...lease });
      return claimed;
    });
  }

  listEnabled(after: ScheduleId | null, limit: number): Promise<readonly Schedule[]> {
    return this.access.run(({ schedules }) =>
      [...where(schedules.all(), ({ id, enabled }) => enabled && id > (after ?? ''))]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(toSchedule),
    );
  }

  settle(claim: ClaimedSchedule, outcome: ScheduleOutcome): Promise<boolean> {
    const { schedule, dueAt, owner } = claim;
    const { nextAt, missed, lastMissed, started, at } = outcome;
    return this.access.run(({ schedules }) => {
      const current = owned(schedules, schedule.tenantId, schedule.id);
      if (current?.leaseOwner !== owner) return false;
      const unchanged = current.nextAt?.getTime() === dueAt.getTime();
      schedules.put({
        ...current,
        ...FREE,
        ...(unchanged && { nextAt, enabled: nextAt !== null }),
        ...(started && { lastRunId: started.runId, lastStartedAt: started.at }),
        ...(lastMissed && { lastMissedAt: lastMissed.at, lastMiss: lastMissed.reason }),
        missed: current.missed + missed,
        updatedAt: at,
        version: current.version + 1,
      });
      return true;
    });
  }

  delete(tenantId: TenantId, id: ScheduleId): Promise<boolean> {
    return this.access.run(
      ({ schedules }) => owned(schedules, tenantId, id) !== undefined && schedules.remove(id),
    );
  }
}
