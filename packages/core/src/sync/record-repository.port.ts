import type { InstallationId } from '../installation/installation.js';
import type { TenantId } from '../tenant/tenant.js';
import type { SyncRecord, SyncSide } from './sync-record.js';
import type { SyncId } from './sync.js';

/** Where records are: one side of a sync. */
export interface RecordScope {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly syncId: SyncId;
  readonly side: SyncSide;
}

/** A record as one pass saw it. */
export type SeenRecord = Pick<SyncRecord, 'externalId' | 'hash' | 'revision' | 'pairId'>;

/** When, and in which pass. */
export interface RecordPass {
  readonly generation: number;
  readonly at: Date;
}

/** External ids by what was found, each in no particular order. */
export interface RecordChanges {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
}

/** Record identifiers of syncs. Bulk methods take thousands of rows in one statement. */
export interface RecordRepository {
  /**
   * Inserts or replaces; the last of several rows with one id wins. Tells the ids by what was there before: no record or a
   * tombstone (`created`, the tombstone is lifted), another hash (`changed`), the same hash (`unchanged`; pass, revision and
   * time are written all the same). Of many callers with one new id, exactly one is told `created`. A `pairId` of null
   * keeps the one that is known; `generation` never goes back.
   */
  upsertMany(
    scope: RecordScope,
    rows: readonly SeenRecord[],
    pass: RecordPass,
  ): Promise<RecordChanges>;
  /** Those of `externalIds` that exist, tombstones too, in any order. */
  findMany(scope: RecordScope, externalIds: readonly string[]): Promise<readonly SyncRecord[]>;
  /** In order of external id (by code point), after one of them; tombstones too. */
  list(
    scope: RecordScope,
    afterExternalId: string | null,
    limit: number,
  ): Promise<readonly SyncRecord[]>;
  /** Makes tombstones of those that live; answers their ids. `pairId` stays, so that the other side can follow. */
  markDeleted(
    scope: RecordScope,
    externalIds: readonly string[],
    at: Date,
  ): Promise<readonly string[]>;
  /**
   * One step of the end of a full pass: looks at the `limit` records after `after` (by code point) and makes tombstones of
   * those that live and that no pass since `generation` saw. Answers their ids and where the next step begins; null when
   * there is nothing after. Each step is one bounded statement, so that a pass over millions of records locks little.
   */
  markUnseenDeleted(
    scope: RecordScope,
    pass: RecordPass,
    step: { readonly after: string | null; readonly limit: number },
  ): Promise<{ readonly deleted: readonly string[]; readonly next: string | null }>;
  /**
   * How many live; tombstones are not counted. Exact, and read from counts that are kept with the rows (see `rowCounts` of the
   * catalogue): it takes the same time for ten records as for ten million.
   */
  count(scope: RecordScope): Promise<number>;
  /** Deletes records and tombstones for good. Answers how many. */
  deleteMany(scope: RecordScope, externalIds: readonly string[]): Promise<number>;
}
