import type {
  OutboxFilter,
  OutboxRepository,
  OutgoingJob,
  OutgoingJobId,
  Page,
  PageQuery,
  TenantId,
  WaitingJob,
} from '@tenon/core';
import type { Access } from './access.js';
import { byAge, matches, pageOf, where } from './rows.js';

export class MemoryOutboxRepository implements OutboxRepository {
  constructor(private readonly access: Access) {}

  add(jobs: readonly OutgoingJob[], availableAt: Date, at: Date): Promise<void> {
    return this.access.run(({ outbox }) => {
      for (const job of jobs) {
        outbox.insert({ id: job.id, job, availableAt, createdAt: at });
      }
    });
  }

  remove(ids: readonly OutgoingJobId[]): Promise<void> {
    return this.access.run(({ outbox }) => {
      for (const id of ids) outbox.remove(id);
    });
  }

  take(limit: number, now: Date, hiddenUntil: Date): Promise<readonly OutgoingJob[]> {
    return this.access.run(({ outbox }) => {
      const due = [...outbox.all()].filter(({ availableAt }) => availableAt <= now);
      const taken = due.sort(byAge).slice(0, limit);
      for (const row of taken) outbox.put({ ...row, availableAt: hiddenUntil });
      return taken.map(({ job }) => job);
    });
  }

  list(tenantId: TenantId, filter: OutboxFilter, page: PageQuery): Promise<Page<WaitingJob>> {
    return this.access.run(({ outbox, installations }) => {
      const rows = where(
        outbox.all(),
        ({ job: { message } }) =>
          message.tenantId === tenantId &&
          matches(filter.installationId, message.installationId) &&
          matches(filter.jobId, message.id) &&
          matches(filter.userId, installations.get(message.installationId)?.userId),
      );
      const { items, nextCursor } = pageOf(rows, page);
      const jobs = items.map(({ job, availableAt, createdAt }) => {
        return { ...job, availableAt, createdAt };
      });
      return { items: jobs, nextCursor };
    });
  }

  status(): Promise<{ readonly waiting: number; readonly oldestAt: Date | null }> {
    return this.access.run(({ outbox }) => {
      let waiting = 0;
      let oldestAt: Date | null = null;
      for (const { createdAt } of outbox.all()) {
        waiting += 1;
        if (oldestAt === null || createdAt < oldestAt) oldestAt = createdAt;
      }
      return { waiting, oldestAt };
    });
  }
}
