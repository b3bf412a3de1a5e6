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
import { Conditions } from './conditions.js';
import { pageClause } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

/** `position` grows in the order of the arrays. */
const ADD = prepared(
  'outbox.add',
  `INSERT INTO outbox (id, tenant_id, queue, group_id, delay_ms, message, available_at, created_at)
   SELECT id, tenant_id, queue, group_id, delay_ms, message::jsonb, $7, $8
   FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::text[]) WITH ORDINALITY
     AS given (id, tenant_id, queue, group_id, delay_ms, message, place)
   ORDER BY place`,
);

const REMOVE = prepared('outbox.remove', 'DELETE FROM outbox WHERE id = ANY ($1::uuid[])');

const TAKE = prepared(
  'outbox.take',
  `UPDATE outbox SET available_at = $3 WHERE id = ANY (ARRAY(
     SELECT id FROM outbox WHERE available_at <= $2 ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED))
   RETURNING id, position::float8, queue, group_id AS "groupId", delay_ms AS "delayMs", message`,
);

const STATUS = prepared(
  'outbox.status',
  'SELECT count(*)::float8 AS waiting, min(created_at) AS "oldestAt" FROM outbox',
);

const LISTED = `id, queue, group_id AS "groupId", delay_ms AS "delayMs", message,
  available_at AS "availableAt", created_at AS "createdAt"`;

type TakenRow = OutgoingJob & { readonly position: number; readonly message: JobMessage };

export class PostgresqlOutboxRepository implements OutboxRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async add(jobs: readonly OutgoingJob[], availableAt: Date, at: Date): Promise<void> {
    if (jobs.length === 0) return;
    await this.#session.run(ADD, [
      jobs.map(({ id }) => id),
      jobs.map(({ message }) => message.tenantId),
      jobs.map(({ queue }) => queue),
      jobs.map(({ groupId }) => groupId),
      jobs.map(({ delayMs }) => delayMs),
      jobs.map(({ message }) => JSON.stringify(message)),
      availableAt,
      at,
    ]);
  }

  async remove(ids: readonly OutgoingJobId[]): Promise<void> {
    const known = ids.filter((id) => areIds(id));
    if (known.length > 0) await this.#session.run(REMOVE, [known]);
  }

  async take(limit: number, now: Date, hiddenUntil: Date): Promise<readonly OutgoingJob[]> {
    const rows = await this.#session.rows<TakenRow>(TAKE, [limit, now, hiddenUntil]);
    return rows
      .sort((a, b) => a.position - b.position)
      .map(({ position: _position, ...job }) => job);
  }

  async list(tenantId: TenantId, filter: OutboxFilter, page: PageQuery): Promise<Page<WaitingJob>> {
    const { installationId, jobId, userId } = filter;
    if (!areIds(tenantId, installationId, jobId, userId)) return toPage<WaitingJob>([], page.limit);
    const conditions = new Conditions()
      .equal('outbox.tenant_id', tenantId)
      .equal("outbox.message->>'installationId'", installationId)
      .equal("outbox.message->>'id'", jobId);
    if (userId !== undefined) {
      const user = conditions.place(userId);
      conditions.add(
        `EXISTS (SELECT 1 FROM installations AS i WHERE i.id = (outbox.message->>'installationId')::uuid AND i.user_id = ${user})`,
      );
    }
    const text = `SELECT ${LISTED} FROM outbox ${pageClause(conditions, 'outbox', page)}`;
    const rows = await this.#session.rows<WaitingJob>({ text }, conditions.values);
    return toPage(rows, page.limit);
  }

  async status(): Promise<{ readonly waiting: number; readonly oldestAt: Date | null }> {
    const row = await this.#session.row<{ waiting: number; oldestAt: Date | null }>(STATUS, []);
    return row ?? { waiting: 0, oldestAt: null };
  }
}
