import type { InstallationId } from '../installation/installation.js';
import type { Brand } from '../platform/brand.js';
import type { JsonValue } from '../platform/json.js';
import type { RunId } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';

export type SyncId = Brand<string, 'SyncId'>;

/** `idle`: nothing is at work, the last pass was good; `failed`: the last pass ended early and can go on at its checkpoint. */
export type SyncState = 'idle' | 'running' | 'failed';

/** Which way records move between the two sides. */
export type SyncDirection = 'source_to_target' | 'target_to_source' | 'both';

/** What a sync has done since it exists. */
export interface SyncCounts {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly failed: number;
}

/** Incremental, checkpointed movement of records between the two sides of one installation. */
export interface Sync {
  readonly id: SyncId;
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  /** Unique in the installation; at most 100 characters. */
  readonly name: string;
  readonly direction: SyncDirection;
  readonly state: SyncState;
  /** Where a pass that was cut short goes on; null when the next pass begins anew. */
  readonly checkpoint: JsonValue;
  /** Up to where the source is known, in its own words: a time, a change token. Null before the first pass has ended. */
  readonly watermark: string | null;
  /** Number of the pass; records of an earlier one were not seen by it. Begins at 0. */
  readonly generation: number;
  readonly counts: SyncCounts;
  /** Why the last pass failed. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** The run of the last pass. */
  readonly lastRunId: RunId | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}
