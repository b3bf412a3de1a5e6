import type { Brand } from '../platform/brand.js';
import type { InstallationId } from '../installation/installation.js';
import type { JsonObject, JsonValue } from '../platform/json.js';
import type { TenantId } from '../tenant/tenant.js';

export type RunId = Brand<string, 'RunId'>;

/**
 * `queued` → `running` → `succeeded` | `failed` | `cancelled`. `failed` and `cancelled` runs can be resumed: they become
 * `running` again and go on where they stopped.
 */
export type RunState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Counts of records. `total` is null until somebody knows it. */
export interface RunProgress {
  readonly total: number | null;
  readonly processed: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a job adds to a run's progress. */
export interface RunProgressDelta {
  /** Replaces the total. */
  readonly total?: number;
  readonly processed?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly skipped?: number;
}

/** A tracked process made of jobs. */
export interface Run {
  readonly id: RunId;
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  /** Name of the job that began it, with its input, for resuming. */
  readonly job: string;
  readonly input: JsonValue;
  readonly parentId: RunId | null;
  /** Unique per installation when set: a second run with the same key is not made. */
  readonly key: string | null;
  readonly state: RunState;
  readonly progress: RunProgress;
  /** Last saved position, in the shape that the job chose; null at the start. At most 64 KiB of JSON. */
  readonly checkpoint: JsonValue;
  /** Jobs that are queued or at work. At 0 the run ends. */
  readonly pendingJobs: number;
  /** Jobs that ended as dead letters since the last (re)start. */
  readonly deadJobs: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly result: JsonObject | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

/** True for states in which nothing more happens by itself. */
export function isFinished(state: RunState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}
