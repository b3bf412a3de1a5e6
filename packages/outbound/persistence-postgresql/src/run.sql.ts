import type { Run } from '@tenon/core';
import { assignments, columns } from './columns.js';
import type { Run as RunModel } from './generated/client.js';
import { prepared } from './session.js';
import { fromJson, toJson } from './values.js';

type Counts = 'total' | 'processed' | 'succeeded' | 'failed' | 'skipped';

/** A row as SQL answers it: 64-bit counts as JavaScript numbers. */
export type RunRow = Omit<RunModel, Counts> &
  Record<Exclude<Counts, 'total'>, number> & {
    readonly total: number | null;
  };

export const RUN_ROW = columns<RunRow>(
  'runs',
  [
    'id',
    'tenantId',
    'installationId',
    'job',
    'input',
    'parentId',
    'key',
    'state',
    'total',
    'processed',
    'succeeded',
    'failed',
    'skipped',
    'checkpoint',
    'pendingJobs',
    'deadJobs',
    'error',
    'result',
    'startedAt',
    'finishedAt',
    'createdAt',
    'updatedAt',
    'version',
  ],
  ['total', 'processed', 'succeeded', 'failed', 'skipped'],
);

/** What an update may change. */
export const RUN_CHANGING = RUN_ROW.fields.filter(
  (field) => !['id', 'tenantId', 'installationId', 'createdAt', 'version'].includes(field),
);

export const INSERT_RUN = prepared('runs.insert', `INSERT INTO runs ${RUN_ROW.insert}`);

export const FIND_RUN = prepared(
  'runs.find',
  `SELECT ${RUN_ROW.list} FROM runs WHERE id = $1 AND tenant_id = $2`,
);

export const FIND_RUN_BY_KEY = prepared(
  'runs.find_by_key',
  `SELECT ${RUN_ROW.list} FROM runs WHERE tenant_id = $1 AND installation_id = $2 AND key = $3`,
);

export const UPDATE_RUN = prepared(
  'runs.update',
  `UPDATE runs SET ${assignments(RUN_CHANGING, 4)}, version = version + 1
   WHERE id = $1 AND tenant_id = $2 AND version = $3`,
);

// `next` reads the row that the update has locked: PostgreSQL computes SET from the newest version.
const PENDING = '(runs.pending_jobs + $9::int)';
const DEAD = '(runs.dead_jobs + $10::int)';
const OPEN = "runs.state IN ('queued', 'running')";

/** Applies an advance and settles the state, in one statement on one row. */
export const ADVANCE_RUN = prepared(
  'runs.advance',
  `UPDATE runs SET
     total = coalesce($3::bigint, total), processed = processed + $4::bigint, succeeded = succeeded + $5::bigint,
     failed = failed + $6::bigint, skipped = skipped + $7::bigint,
     checkpoint = CASE WHEN $13::boolean THEN $8::jsonb ELSE checkpoint END,
     pending_jobs = ${PENDING}, dead_jobs = ${DEAD},
     error = coalesce(error, $11::jsonb), result = CASE WHEN $14::boolean THEN $12::jsonb ELSE result END,
     state = CASE WHEN NOT ${OPEN} THEN state WHEN ${PENDING} > 0 THEN 'running'
       WHEN ${DEAD} > 0 THEN 'failed' ELSE 'succeeded' END,
     started_at = CASE WHEN ${OPEN} THEN coalesce(started_at, $15::timestamptz) ELSE started_at END,
     finished_at = CASE WHEN ${OPEN} AND ${PENDING} <= 0 THEN $15::timestamptz ELSE finished_at END,
     updated_at = $15::timestamptz, version = version + 1
   WHERE id = $1 AND tenant_id = $2 RETURNING ${RUN_ROW.list}`,
);

export function toRun(row: RunRow): Run {
  const { total, processed, succeeded, failed, skipped, ...rest } = row;
  return {
    ...rest,
    input: fromJson(row.input),
    checkpoint: fromJson(row.checkpoint),
    progress: { total, processed, succeeded, failed, skipped },
  } as Run;
}

export function toRunRow(run: Run): RunRow {
  const { progress, ...rest } = run;
  return {
    ...rest,
    ...progress,
    input: toJson(run.input),
    checkpoint: toJson(run.checkpoint),
    error: toJson(run.error),
    result: toJson(run.result),
  };
}
