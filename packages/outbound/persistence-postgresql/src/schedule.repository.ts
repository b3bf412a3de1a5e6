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
import { assignments, columns } from './columns.js';
import { Conditions } from './conditions.js';
import type { Schedule as ScheduleModel } from './generated/client.js';
import { pageClause } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds, fromJson, toJson } from './values.js';

type ScheduleRow = Omit<ScheduleModel, 'leaseOwner' | 'leaseUntil' | 'everyMs'> & {
  readonly everyMs: number | null;
};

const ROW = columns<ScheduleRow>(
  'schedules',
  [
    'id',
    'tenantId',
    'installationId',
    'name',
    'job',
    'input',
    'kind',
    'cron',
    'timeZone',
    'everyMs',
    'runAt',
    'overlap',
    'catchUp',
    'enabled',
    'nextAt',
    'lastStartedAt',
    'lastRunId',
    'missed',
    'lastMissedAt',
    'lastMiss',
    'createdAt',
    'updatedAt',
    'version',
  ],
  ['everyMs'],
);

const FIXED: readonly string[] = [
  'id',
  'tenantId',
  'installationId',
  'name',
  'createdAt',
  'version',
];

const CHANGING = ROW.fields.filter((field) => !FIXED.includes(field));

const INSERT = prepared('schedules.insert', `INSERT INTO schedules ${ROW.insert}`);

const FIND = prepared(
  'schedules.find',
  `SELECT ${ROW.list} FROM schedules WHERE id = $1 AND tenant_id = $2`,
);

const UPDATE = prepared(
  'schedules.update',
  `UPDATE schedules SET ${assignments(CHANGING, 4)}, version = version + 1
   WHERE id = $1 AND tenant_id = $2 AND version = $3 RETURNING ${ROW.list}`,
);

const CLAIM_DUE = prepared(
  'schedules.claim_due',
  `UPDATE schedules SET lease_owner = $3, lease_until = $4 WHERE id = ANY (ARRAY(
     SELECT id FROM schedules
     WHERE next_at <= $1 AND enabled AND (lease_until IS NULL OR lease_until <= $1)
     ORDER BY next_at, id LIMIT $2 FOR UPDATE SKIP LOCKED))
   RETURNING ${ROW.list}`,
);

const CLAIM_ONE = prepared(
  'schedules.claim_one',
  `UPDATE schedules SET lease_owner = $2, lease_until = $3
   WHERE id = $4 AND tenant_id = $5 AND next_at <= $1 AND enabled AND (lease_until IS NULL OR lease_until <= $1)
   RETURNING ${ROW.list}`,
);

const LIST_ENABLED = prepared(
  'schedules.list_enabled',
  `SELECT ${ROW.list} FROM schedules WHERE enabled AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
);

// The due time tells whether somebody has planned the schedule anew since it was claimed.
const SETTLE = prepared(
  'schedules.settle',
  `UPDATE schedules SET lease_owner = NULL, lease_until = NULL, missed = missed + $5,
     next_at = CASE WHEN next_at = $4::timestamptz THEN $6::timestamptz ELSE next_at END,
     enabled = CASE WHEN next_at = $4::timestamptz THEN $6::timestamptz IS NOT NULL ELSE enabled END,
     last_run_id = coalesce($7::uuid, last_run_id), last_started_at = coalesce($8::timestamptz, last_started_at),
     last_missed_at = coalesce($10::timestamptz, last_missed_at), last_miss = coalesce($11::text, last_miss),
     updated_at = $9, version = version + 1
   WHERE id = $1 AND tenant_id = $2 AND lease_owner = $3`,
);

const DELETE = prepared(
  'schedules.delete',
  'DELETE FROM schedules WHERE id = $1 AND tenant_id = $2',
);

const toSchedule = (row: ScheduleRow): Schedule =>
  ({ ...row, input: fromJson(row.input) }) as unknown as Schedule;

const toRow = (schedule: Schedule): ScheduleRow => ({ ...schedule, input: toJson(schedule.input) });

export class PostgresqlScheduleRepository implements ScheduleRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(schedule: Schedule): Promise<void> {
    await this.#session.run(INSERT, ROW.values(toRow(schedule)));
  }

  async find(tenantId: TenantId, id: ScheduleId): Promise<Schedule | null> {
    if (!areIds(tenantId, id)) return null;
    const row = await this.#session.row<ScheduleRow>(FIND, [id, tenantId]);
    return row && toSchedule(row);
  }

  async list(tenantId: TenantId, filter: ScheduleFilter, page: PageQuery): Promise<Page<Schedule>> {
    const { installationId, enabled } = filter;
    if (!areIds(tenantId, installationId)) return toPage<Schedule>([], page.limit);
    const conditions = new Conditions()
      .equal('schedules.tenant_id', tenantId)
      .equal('schedules.installation_id', installationId)
      .equal('schedules.enabled', enabled);
    const text = `SELECT ${ROW.list} FROM schedules ${pageClause(conditions, 'schedules', page)}`;
    const rows = await this.#session.rows<ScheduleRow>({ text }, conditions.values);
    return toPage(rows.map(toSchedule), page.limit);
  }

  async update(schedule: Schedule): Promise<Schedule> {
    const { id, tenantId, version } = schedule;
    if (!areIds(tenantId, id)) throw new VersionConflictError('schedule', id);
    const row = toRow(schedule);
    const values = [id, tenantId, version, ...CHANGING.map((field) => row[field])];
    const changed = await this.#session.row<ScheduleRow>(UPDATE, values);
    if (!changed) throw new VersionConflictError('schedule', id);
    return toSchedule(changed);
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
    const until = new Date(now.getTime() + leaseMs);
    const rows = only
      ? await this.#session.rows<ScheduleRow>(CLAIM_ONE, [
          now,
          owner,
          until,
          only.id,
          only.tenantId,
        ])
      : await this.#session.rows<ScheduleRow>(CLAIM_DUE, [now, limit, owner, until]);
    return rows
      .map((row) => ({ schedule: toSchedule(row), dueAt: row.nextAt ?? now, owner }))
      .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  }

  async listEnabled(after: ScheduleId | null, limit: number): Promise<readonly Schedule[]> {
    if (!areIds(after)) return [];
    return (await this.#session.rows<ScheduleRow>(LIST_ENABLED, [after, limit])).map(toSchedule);
  }

  async settle(claim: ClaimedSchedule, outcome: ScheduleOutcome): Promise<boolean> {
    const { schedule, dueAt, owner } = claim;
    const { id, tenantId } = schedule;
    const { nextAt, missed, lastMissed, started, at } = outcome;
    const run = [started?.runId ?? null, started?.at ?? null];
    const values = [
      id,
      tenantId,
      owner,
      dueAt,
      missed,
      nextAt,
      ...run,
      at,
      lastMissed?.at ?? null,
      lastMissed?.reason ?? null,
    ];
    return areIds(id, tenantId) && (await this.#session.run(SETTLE, values)) > 0;
  }

  async delete(tenantId: TenantId, id: ScheduleId): Promise<boolean> {
    return areIds(tenantId, id) && (await this.#session.run(DELETE, [id, tenantId])) > 0;
  }
}
