import {
  mergeIncrements,
  NO_INSTALLATION,
  usageOverflow,
  type InstallationId,
  type TenantId,
  type UsageCounter,
  type UsageCounterRepository,
  type UsageFilter,
  type UsageIncrement,
  type UsagePage,
  type UsageRange,
  type UsageTotal,
  type UsageWindow,
} from '@tenon/core';
import { columns } from './columns.js';
import { Conditions } from './conditions.js';
import { isOutOfRange } from './database.errors.js';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

/** The driver reads numbers of 64 bits as text. */
type Row = Omit<UsageCounter, 'count'> & { readonly count: string };

const ROW = columns<Row>('usage_counters', [
  'tenantId',
  'metric',
  'windowUnit',
  'windowStart',
  'installationId',
  'count',
  'updatedAt',
]);

const KEY = 'metric, window_unit, window_start, installation_id';

const ADD = prepared(
  'usage_counters.add',
  `INSERT INTO usage_counters (tenant_id, updated_at, ${KEY}, count)
   SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::uuid[], $7::bigint[])
   ON CONFLICT (tenant_id, ${KEY}) DO UPDATE
   SET count = usage_counters.count + excluded.count,
       updated_at = greatest(usage_counters.updated_at, excluded.updated_at)`,
);

const RANGE = prepared(
  'usage_counters.range',
  `SELECT ${ROW.list} FROM usage_counters
   WHERE tenant_id = $1 AND metric = $2 AND window_unit = $3 AND window_start >= $4 AND window_start < $5
     AND installation_id = $6 ORDER BY window_start`,
);

const DELETE_BEFORE = prepared(
  'usage_counters.delete_before',
  `DELETE FROM usage_counters WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM usage_counters WHERE window_unit = $1 AND window_start < $2
     ORDER BY window_start LIMIT $3 FOR UPDATE SKIP LOCKED))`,
);

type Installation = InstallationId | null;

const toKey = (id: Installation): string => id ?? NO_INSTALLATION;
const fromKey = (id: Installation): Installation => (id === NO_INSTALLATION ? null : id);

const toCounter = (row: Row): UsageCounter => ({
  ...row,
  installationId: fromKey(row.installationId),
  count: BigInt(row.count),
});

function conditionsOf(tenantId: TenantId, filter: UsageFilter): Conditions {
  const { installationId, windowUnit, from, to } = filter;
  const conditions = new Conditions()
    .equal('tenant_id', tenantId)
    .equal('window_unit', windowUnit)
    .equal('installation_id', installationId === undefined ? undefined : toKey(installationId));
  if (from) conditions.add(`window_start >= ${conditions.place(from)}`);
  if (to) conditions.add(`window_start < ${conditions.place(to)}`);
  return conditions;
}

export class PostgresqlUsageCounterRepository implements UsageCounterRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async add(tenantId: TenantId, rows: readonly UsageIncrement[], at: Date): Promise<void> {
    const given = mergeIncrements(rows);
    if (given.length === 0) return;
    const values = [
      tenantId,
      at,
      given.map((row) => row.metric),
      given.map((row) => row.windowUnit),
      given.map((row) => row.windowStart),
      given.map((row) => toKey(row.installationId)),
      given.map((row) => row.amount.toString()),
    ];
    try {
      await this.#session.run(ADD, values);
    } catch (error) {
      throw isOutOfRange(error) ? usageOverflow(error) : error;
    }
  }

  async range(tenantId: TenantId, range: UsageRange): Promise<readonly UsageCounter[]> {
    const { installationId, metric, windowUnit, from, to } = range;
    if (!areIds(tenantId, installationId)) return [];
    const values = [tenantId, metric, windowUnit, from, to, toKey(installationId)];
    return (await this.#session.rows<Row>(RANGE, values)).map(toCounter);
  }

  async list(
    tenantId: TenantId,
    filter: UsageFilter,
    page: UsagePage,
  ): Promise<readonly UsageCounter[]> {
    const { after, limit } = page;
    if (!areIds(tenantId, filter.installationId, after?.installationId)) return [];
    const conditions = conditionsOf(tenantId, filter);
    if (after) {
      const { metric, windowUnit, windowStart, installationId } = after;
      const key = [metric, windowUnit, windowStart, toKey(installationId)];
      const [first, second, third, fourth] = key.map((value) => conditions.place(value));
      conditions.add(`(${KEY}) > (${first}, ${second}, ${third}::timestamptz, ${fourth}::uuid)`);
    }
    const text = `SELECT ${ROW.list} FROM usage_counters ${conditions.where}
      ORDER BY ${KEY} LIMIT ${conditions.place(limit)}`;
    return (await this.#session.rows<Row>({ text }, conditions.values)).map(toCounter);
  }

  async totals(
    tenantId: TenantId,
    filter: UsageFilter & Required<Pick<UsageFilter, 'windowUnit'>>,
  ): Promise<readonly UsageTotal[]> {
    if (!areIds(tenantId, filter.installationId)) return [];
    const conditions = conditionsOf(tenantId, filter);
    const text = `SELECT metric, sum(count)::text AS total FROM usage_counters ${conditions.where}
      GROUP BY metric ORDER BY metric`;
    const rows = await this.#session.rows<{ metric: string; total: string }>(
      { text },
      conditions.values,
    );
    return rows.map(({ metric, total }) => ({ metric, total: BigInt(total) }));
  }

  async deleteBefore(windowUnit: UsageWindow, before: Date, limit: number): Promise<number> {
    return this.#session.run(DELETE_BEFORE, [windowUnit, before, limit]);
  }
}
