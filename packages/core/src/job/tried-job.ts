import type { InstallationId } from '../installation/installation.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import type { RunId } from '../run/run.js';

/** What came of one try of a job. */
export interface TriedJob {
  readonly job: string;
  readonly runId: RunId | null;
  /** `skipped`: another one with its key was done, another process is at it, or its installation is gone. */
  readonly outcome: 'done' | 'failed' | 'parked' | 'skipped';
  /** What the handler threw, or why the job cannot run. */
  readonly error: unknown;
  readonly tookMs: number;
}

/** Input of `jobs.tryRun`. */
export interface TryRunInput {
  readonly installationId: InstallationId;
  readonly job: string;
  readonly input?: unknown;
  readonly signal: CancellationSignal;
}
