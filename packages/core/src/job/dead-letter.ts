import type { Brand } from '../platform/brand.js';
import type { InstallationId } from '../installation/installation.js';
import type { RunId } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';
import type { JobMessage } from './job.js';

export type DeadLetterId = Brand<string, 'DeadLetterId'>;

/**
 * Why a job stopped. `failed`: attempts used up, or an error that no repetition mends. The others are parked: they go on by
 * themselves when the installation is enabled, the connection is authorised again or the run is resumed.
 */
export type DeadLetterReason =
  'failed' | 'cancelled' | 'installation_disabled' | 'needs_reauthorization';

/** Reasons that end without anybody asking for these very jobs. */
export const MENDABLE = ['installation_disabled', 'needs_reauthorization'] as const;

/** A job that is not on a queue any more, kept until somebody redrives or discards it. */
export interface DeadLetter {
  readonly id: DeadLetterId;
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  readonly runId: RunId | null;
  readonly queue: string;
  readonly groupId: string | null;
  readonly message: JobMessage;
  readonly reason: DeadLetterReason;
  readonly error: { readonly code: string; readonly message: string };
  readonly attempts: number;
  readonly createdAt: Date;
}
