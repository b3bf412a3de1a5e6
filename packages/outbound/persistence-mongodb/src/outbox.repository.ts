import { randomUUID } from 'node:crypto';
import { toPage } from '@tenon/core';
import type {
  JobMessage,
  OutboxFilter,
  OutboxRepository,
  OutgoingJob,
  OutgoingJobId,
  Page,
  PageQuery,
  TenantId,
  WaitingJob,
} from '@tenon/core';
import { among, holding, upTo } from './filter.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

/** Room for so many jobs in one millisecond. */
const PER_MS = 1_024;
let lastPosition = 0;

/**
 * Positions that grow in the order of writing: time, then order within this process. A counter of the database would be one
 * document that every transaction with jobs wants to change.
 */
function nextPositions(count: number): number {
  const first = Math.max(lastPosition + 1, Date.now() * PER_MS);
  lastPosition = first + count - 1;
  return first;
}

type TakenRow = OutgoingJob & { readonly position: number; readonly message: JobMessage };

const toJob = (row: OutgoingJob): OutgoingJob => ({
  id: row.id,
  queue: row.queue,
  groupId: row.groupId,
  delayMs: row.delayMs,
  message: row.message,
});

export class MongodbOutboxRepository implements OutboxRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'outbox');
  }

  async add(jobs: readonly OutgoingJob[], availableAt: Date, at: Date): Promise<void> {
    if (jobs.length === 0) return;
    const first = nextPositions(jobs.length);
    const rows = jobs.map((job, index) => ({
      ...job,
      tenantId: job.message.tenantId,
      position: first + index,
      availableAt,
      createdAt: at,
    }));
    await this.#rows.acrossTenants().insertMany(rows);
  }

  async remove(ids: readonly OutgoingJobId[]): Promise<void> {
    const known = ids.filter((id) => areIds(id));
    if (known.length > 0) await this.#rows.acrossTenants().delete({ id: among(known) });
  }

  async take(limit: number, now: Date, hiddenUntil: Date): Promise<readonly OutgoingJob[]> {
    const due = { availableAt: upTo(now) };
    const mark = randomUUID();
    // Whoever hides an entry first has it: its mark tells which ones are ours.
    const taken = await this.#session.together(async (session) => {
      const rows = new Rows(session, 'outbox').acrossTenants();
      const ids = await rows.findIds(due, { sort: { position: 1 }, limit });
      if (ids.length === 0) return [];
      const set = { availableAt: hiddenUntil, _taken: mark };
      await rows.updateMany({ ...due, id: among(ids) }, { set });
      return rows.find({ id: among(ids), _taken: mark }, { sort: { position: 1 } });
    });
    return (taken as unknown as TakenRow[]).map(toJob);
  }

  /** Ids of installations that may be listed; null for all. */
  async #owners(tenantId: TenantId, filter: OutboxFilter): Promise<readonly string[] | null> {
    const { installationId, userId } = filter;
    if (userId === undefined) return installationId === undefined ? null : [installationId];
    const installations = new Rows(this.#session, 'installations').of(tenantId);
    return installations.findIds({ userId, id: installationId });
  }

  async list(tenantId: TenantId, filter: OutboxFilter, page: PageQuery): Promise<Page<WaitingJob>> {
    const { installationId, jobId, userId } = filter;
    const owners =
      areIds(tenantId, installationId, jobId, userId) && (await this.#owners(tenantId, filter));
    if (owners === false || owners?.length === 0) return toPage<WaitingJob>([], page.limit);
    // The message is text for the database: what it finds there is looked at once more.
    const among =
      jobId === undefined ? owners && holding('installationId', owners) : holding('id', [jobId]);
    const { filter: where, ...order } = pageOf({ ...(among && { message: among }) }, page);
    const rows = (await this.#rows.of(tenantId).find(where, order)) as unknown as WaitingJob[];
    const { items, nextCursor } = toPage(rows, page.limit);
    const wanted = items.filter(
      ({ message }) =>
        (jobId === undefined || message.id === jobId) &&
        (owners?.includes(message.installationId) ?? true),
    );
    const jobs = wanted.map((row) => {
      return { ...toJob(row), availableAt: row.availableAt, createdAt: row.createdAt };
    });
    return { items: jobs, nextCursor };
  }

  async status(): Promise<{ readonly waiting: number; readonly oldestAt: Date | null }> {
    const rows = this.#rows.acrossTenants();
    const [waiting, [oldest]] = await Promise.all([
      rows.count({}),
      rows.find({}, { sort: { createdAt: 1 }, limit: 1 }),
    ]);
    return { waiting, oldestAt: (oldest?.['createdAt'] as Date | undefined) ?? null };
  }
}
