import type { SyncRecord as RecordRow } from './generated/client.js';
import { columns } from './columns.js';
import { prepared } from './session.js';

const ROW = columns<RecordRow>('records', [
  'tenantId',
  'installationId',
  'syncId',
  'side',
  'externalId',
  'hash',
  'revision',
  'pairId',
  'generation',
  'change',
  'deletedAt',
  'updatedAt',
]);

/** Places 1 to 4 of every statement. */
const IN_SCOPE =
  'records.sync_id = $1 AND records.side = $2 AND records.installation_id = $3 AND records.tenant_id = $4';

/**
 * Rows are locked in one order, that of their ids, here and below, so that two writers do not wait for each other. `change` is computed where the row is locked, so that it is told
 * exactly also when many write.
 */
export const UPSERT_RECORDS = prepared(
  'records.upsert_many',
  `INSERT INTO records (sync_id, side, installation_id, tenant_id, generation, updated_at, change,
     external_id, hash, revision, pair_id)
   SELECT $1, $2, $3, $4, $5, $6, 'new', external_id, hash, revision, pair_id
   FROM unnest($7::text[], $8::text[], $9::text[], $10::text[]) AS given (external_id, hash, revision, pair_id)
   ORDER BY external_id COLLATE "C"
   ON CONFLICT (sync_id, side, external_id) DO UPDATE SET
     change = CASE WHEN records.deleted_at IS NOT NULL THEN 'new'
       WHEN records.hash <> excluded.hash THEN 'changed' ELSE 'unchanged' END,
     hash = excluded.hash, revision = excluded.revision, pair_id = coalesce(excluded.pair_id, records.pair_id),
     generation = greatest(records.generation, excluded.generation), deleted_at = NULL,
     updated_at = excluded.updated_at
   WHERE records.tenant_id = excluded.tenant_id AND records.installation_id = excluded.installation_id
   RETURNING external_id AS "externalId", change`,
);

export const FIND_RECORDS = prepared(
  'records.find_many',
  `SELECT ${ROW.list} FROM records WHERE ${IN_SCOPE} AND external_id = ANY ($5::varchar[])`,
);

const list = (after: string): string =>
  `SELECT ${ROW.list} FROM records WHERE ${IN_SCOPE}${after} ORDER BY external_id LIMIT $5`;

export const LIST_RECORDS = prepared('records.list', list(''));

export const LIST_RECORDS_AFTER = prepared('records.list_after', list(' AND external_id > $6'));

export const MARK_DELETED = prepared(
  'records.mark_deleted',
  `WITH locked AS MATERIALIZED (
     SELECT external_id FROM records WHERE ${IN_SCOPE} AND external_id = ANY ($5::varchar[]) AND deleted_at IS NULL
     ORDER BY external_id FOR UPDATE)
   UPDATE records SET deleted_at = $6, updated_at = $6
   WHERE ${IN_SCOPE} AND external_id = ANY (ARRAY(SELECT external_id FROM locked)) AND deleted_at IS NULL
   RETURNING records.external_id AS "externalId"`,
);

/** One step of a walk in the order of the primary key. */
const unseen = (after: string): string =>
  `WITH step AS MATERIALIZED (
     SELECT external_id, generation, deleted_at FROM records WHERE ${IN_SCOPE}${after} ORDER BY external_id LIMIT $7),
   locked AS MATERIALIZED (
     SELECT external_id FROM records WHERE ${IN_SCOPE} AND external_id = ANY (ARRAY(
       SELECT external_id FROM step WHERE generation < $5 AND deleted_at IS NULL)) ORDER BY external_id FOR UPDATE),
   gone AS (
     UPDATE records SET deleted_at = $6, updated_at = $6
     WHERE ${IN_SCOPE} AND external_id = ANY (ARRAY(SELECT external_id FROM locked))
       AND generation < $5 AND deleted_at IS NULL
     RETURNING records.external_id)
   SELECT coalesce((SELECT array_agg(external_id) FROM gone), '{}')::text[] AS deleted,
     (SELECT external_id FROM step ORDER BY external_id DESC LIMIT 1) AS last,
     (SELECT count(*) FROM step)::int AS looked`;

export const MARK_UNSEEN = prepared('records.mark_unseen', unseen(''));

export const MARK_UNSEEN_AFTER = prepared(
  'records.mark_unseen_after',
  unseen(' AND external_id > $8'),
);

export const DELETE_RECORDS = prepared(
  'records.delete_many',
  `WITH locked AS MATERIALIZED (
     SELECT external_id FROM records WHERE ${IN_SCOPE} AND external_id = ANY ($5::varchar[])
     ORDER BY external_id FOR UPDATE)
   DELETE FROM records WHERE ${IN_SCOPE} AND external_id = ANY (ARRAY(SELECT external_id FROM locked))`,
);
