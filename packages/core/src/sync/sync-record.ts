import type { InstallationId } from '../installation/installation.js';
import type { TenantId } from '../tenant/tenant.js';
import type { SyncId } from './sync.js';

/** One of the two sides of a sync. */
export type SyncSide = 'source' | 'target';

/** What the last write found: no living record before, another hash, or the same. */
export type RecordChange = 'new' | 'changed' | 'unchanged';

/** What a sync knows of one record on one side. Key: sync, side, external id. */
export interface SyncRecord {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly syncId: SyncId;
  readonly side: SyncSide;
  /** Id of the record on its side; at most 500 characters. */
  readonly externalId: string;
  /** Hash of the record's content. */
  readonly hash: string;
  /** The side's own version of the record (an etag, a time), as it says it. */
  readonly revision: string | null;
  /** Id of the same record on the other side. */
  readonly pairId: string | null;
  /** The pass that saw the record last. */
  readonly generation: number;
  readonly change: RecordChange;
  /** Set on a tombstone: the record is gone on its side, and what is paired with it may still have to go. */
  readonly deletedAt: Date | null;
  readonly updatedAt: Date;
}
