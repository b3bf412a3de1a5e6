import type { Brand } from '../platform/brand.js';
import type { InstallationId } from '../installation/installation.js';
import type { JsonValue } from '../platform/json.js';
import type { RunId } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';

export type JobId = Brand<string, 'JobId'>;

/** Name of the job that carries webhook deliveries; not free for integrations. */
export const WEBHOOK_JOB = '@webhook';

/**
 * One queued unit of work, as it travels through the queue (JSON, `v` = 1). Its input is not secret and small;
 * the queue's limit applies to the whole message.
 */
export interface JobMessage {
  readonly v: 1;
  readonly id: JobId;
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly runId: RunId | null;
  /** Name of a job that the integration declares, or {@link WEBHOOK_JOB}. */
  readonly job: string;
  readonly input: JsonValue;
  /** Two jobs of one installation with the same key run once. */
  readonly key: string | null;
  /** How often it was put off (rate limits); put-offs are not attempts. */
  readonly deferrals: number;
  /** Request id of whoever enqueued it, for following a request through the logs. */
  readonly requestId: string;
  /** ISO 8601. */
  readonly enqueuedAt: string;
}

export type OutgoingJobId = Brand<string, 'OutgoingJobId'>;

/** A job to put on a queue. */
export interface OutgoingJob {
  /**
   * Names this hand-over, not the job: a job that is put off is handed over again under another id, so that the sender of the
   * first hand-over cannot remove the second.
   */
  readonly id: OutgoingJobId;
  readonly message: JobMessage;
  /** Logical queue name. */
  readonly queue: string;
  readonly delayMs: number;
  readonly groupId: string | null;
}

/** What marks a job in the inbox: every job settles once. */
export function inboxKey(message: Pick<JobMessage, 'id'>): string {
  return message.id;
}

/** What marks the key of a job in the inbox, apart from the job itself; null for jobs without a key. */
export function onceKey(message: Pick<JobMessage, 'key' | 'installationId'>): string | null {
  return message.key === null ? null : `${message.installationId}/${message.key}`;
}
