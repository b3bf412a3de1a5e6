import {
  MENDABLE,
  toPage,
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterId,
  type DeadLetterRepository,
  type InstallationId,
  type Page,
  type PageQuery,
  type ParkedInstallation,
  type TenantId,
} from '@tenon/core';
import { columns } from './columns.js';
import { Conditions } from './conditions.js';
import type { DeadLetter as DeadLetterRow } from './generated/client.js';
import { pageClause } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds, toJson } from './values.js';

const ROW = columns<DeadLetterRow>('dead_letters', [
  'id',
  'tenantId',
  'installationId',
  'runId',
  'queue',
  'groupId',
  'message',
  'reason',
  'error',
  'attempts',
  'createdAt',
]);

const INSERT = prepared('dead_letters.insert', `INSERT INTO dead_letters ${ROW.insert}`);

const LIST_PARKED = prepared(
  'dead_letters.list_parked',
  `SELECT i.tenant_id AS "tenantId", i.id AS "installationId"
   FROM installations AS i JOIN (
     SELECT installation_id FROM dead_letters
     WHERE reason = ANY ($1::text[]) AND created_at < $2 AND ($3::uuid IS NULL OR installation_id > $3)
     GROUP BY installation_id
   ) AS parked ON parked.installation_id = i.id
   ORDER BY i.id LIMIT $4`,
);

const toDeadLetter = (row: DeadLetterRow): DeadLetter => row as unknown as DeadLetter;

const byAge = (a: DeadLetter, b: DeadLetter): number =>
  a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);

function conditionsOf(tenantId: TenantId, filter: DeadLetterFilter): Conditions {
  const conditions = new Conditions()
    .equal('dead_letters.tenant_id', tenantId)
    .equal('dead_letters.installation_id', filter.installationId)
    .equal('dead_letters.run_id', filter.runId)
    .equal("dead_letters.message->>'id'", filter.jobId);
  if (filter.reasons) conditions.add(`reason = ANY (${conditions.place(filter.reasons)}::text[])`);
  if (filter.userId !== undefined) {
    const user = conditions.place(filter.userId);
    conditions.add(
      `EXISTS (SELECT 1 FROM installations AS i WHERE i.id = dead_letters.installation_id AND i.user_id = ${user})`,
    );
  }
  return conditions;
}

const hasIds = (tenantId: TenantId, filter: DeadLetterFilter): boolean =>
  areIds(tenantId, filter.installationId, filter.runId, filter.jobId, filter.userId);

export class PostgresqlDeadLetterRepository implements DeadLetterRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(deadLetter: DeadLetter): Promise<void> {
    const values = ROW.values({
      ...deadLetter,
      message: toJson(deadLetter.message),
      error: toJson(deadLetter.error),
    });
    await this.#session.run(INSERT, values);
  }

  async find(tenantId: TenantId, id: DeadLetterId): Promise<DeadLetter | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#session.prisma((prisma) =>
      prisma.deadLetter.findFirst({ where: { tenantId, id } }),
    );
    return row && toDeadLetter(row);
  }

  async list(
    tenantId: TenantId,
    filter: DeadLetterFilter,
    page: PageQuery,
  ): Promise<Page<DeadLetter>> {
    if (!hasIds(tenantId, filter)) return toPage<DeadLetter>([], page.limit);
    const conditions = conditionsOf(tenantId, filter);
    const text = `SELECT ${ROW.list} FROM dead_letters ${pageClause(conditions, 'dead_letters', page)}`;
    const rows = await this.#session.rows<DeadLetterRow>({ text }, conditions.values);
    return toPage(rows.map(toDeadLetter), page.limit);
  }

  async take(
    tenantId: TenantId,
    filter: DeadLetterFilter,
    limit: number,
  ): Promise<readonly DeadLetter[]> {
    if (!hasIds(tenantId, filter)) return [];
    const conditions = conditionsOf(tenantId, filter);
    const text = `DELETE FROM dead_letters WHERE id = ANY (ARRAY(
      SELECT id FROM dead_letters ${conditions.where} ORDER BY created_at, id
      LIMIT ${conditions.place(limit)} FOR UPDATE SKIP LOCKED)) RETURNING ${ROW.list}`;
    const rows = await this.#session.rows<DeadLetterRow>({ text }, conditions.values);
    return rows.map(toDeadLetter).sort(byAge);
  }

  async listParked(
    before: Date,
    afterId: InstallationId | null,
    limit: number,
  ): Promise<readonly ParkedInstallation[]> {
    if (!areIds(afterId)) return [];
    return this.#session.rows(LIST_PARKED, [MENDABLE, before, afterId, limit]);
  }

  async delete(tenantId: TenantId, id: DeadLetterId): Promise<boolean> {
    if (!areIds(tenantId, id)) return false;
    const { count } = await this.#session.prisma((prisma) =>
      prisma.deadLetter.deleteMany({ where: { tenantId, id } }),
    );
    return count > 0;
  }
}
