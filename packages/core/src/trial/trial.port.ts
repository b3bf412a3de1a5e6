import type { Commands } from '../app/commands.js';
import type { ConnectionId } from '../connection/connection.js';
import type { InstallationId } from '../installation/installation.js';
import type { TriedJob } from '../job/tried-job.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import type { JsonValue } from '../platform/json.js';
import type { Recording, RecordingHead } from '../recording/recording.js';
import type { RunProgress } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';

/** How jobs of a tenant are tried. */
export interface TrialOptions {
  readonly tenantId: TenantId;
  /** Of this installation; null when it is to be made. */
  readonly installationId: InstallationId | null;
  /** On these connections. */
  readonly connectionIds: readonly ConnectionId[];
  /** Reads are sent, writes are held back and answered by themselves, and nothing is stored but credentials that were refreshed. */
  readonly dryRun: boolean;
  /** Answers calls in the place of the network. */
  readonly replay: Recording | null;
  /** Whether calls are recorded. */
  readonly record: boolean;
  /** How many of the jobs that others enqueue are kept for {@link Trial.next}. */
  readonly follow: number;
  /** Values that no recording and no report may have, besides credentials. */
  readonly secrets: readonly string[];
  onProgress(progress: RunProgress): void;
}

/** A write that was not sent. */
export interface TrialWrite {
  readonly connector: string;
  readonly method: string;
  /** Without secrets. */
  readonly url: string;
  /** Without secrets; null when there was none, or none that is text. */
  readonly body: string | null;
  readonly status: number;
  readonly answeredBy: 'connector' | 'echo';
}

/** A job that was enqueued and not worked on here. */
export interface TrialJob {
  readonly job: string;
  readonly queue: string;
  readonly delayMs: number;
  readonly input: JsonValue;
}

/** What a trial came to. */
export interface TrialReport {
  /** Calls that were sent, or answered by a recording. */
  readonly calls: number;
  /** In a dry run. */
  readonly writes: readonly TrialWrite[];
  /** Kept or, in a dry run, never sent. */
  readonly jobs: readonly TrialJob[];
  /** In a dry run: mappings that would have been written and deleted, by kind. */
  readonly mappings: readonly {
    readonly kind: string;
    readonly written: number;
    readonly deleted: number;
  }[];
  /** Requests of the recording that nobody asked for. */
  readonly unasked: number;
}

/** An app on adapters for trying. */
export interface Trial {
  readonly commands: Commands;
  /** Tries the oldest job that is kept; null when there is none. */
  next(signal: CancellationSignal): Promise<TriedJob | null>;
  /** Sends what is still kept, where jobs are sent at all, and says what there was. */
  finish(): Promise<TrialReport>;
  /** Text without the credentials that were used so far. */
  redact(text: string): string;
  /** What was recorded, as text. */
  recording(head: Omit<RecordingHead, 'secretNames'>): string;
}
