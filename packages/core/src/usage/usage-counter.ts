import type { InstallationId } from '../installation/installation.js';
import type { TenantId } from '../tenant/tenant.js';

/** The length of the time that one counter covers, in UTC. */
export type UsageWindow = 'hour' | 'day' | 'month';

/** How often something happened within one window. Key: tenant, metric, window, installation. */
export interface UsageCounter {
  readonly tenantId: TenantId;
  /** Null for what no installation did. Counters outlive their installation, and end with the tenant. */
  readonly installationId: InstallationId | null;
  /** What is counted, for example `api.calls`. 1 to 100 characters. */
  readonly metric: string;
  readonly windowUnit: UsageWindow;
  /** Begin of the window, see {@link windowStart}. */
  readonly windowStart: Date;
  /** At most 2⁶³ − 1. */
  readonly count: bigint;
  readonly updatedAt: Date;
}

/** What names a counter within its tenant. */
export type UsageCounterKey = Pick<
  UsageCounter,
  'installationId' | 'metric' | 'windowUnit' | 'windowStart'
>;

/** How much a counter grows. */
export interface UsageIncrement extends UsageCounterKey {
  /** 0 to 2⁶³ − 1. */
  readonly amount: bigint;
}

/** The largest count. */
export const MAX_USAGE_COUNT = 2n ** 63n - 1n;

/** What databases keep in the place of an installation for counters that belong to none: keys hold no null. */
export const NO_INSTALLATION = '00000000-0000-0000-0000-000000000000';

/** Begin of the window that a moment is in: the full hour, midnight, or the first of the month, UTC. */
export function windowStart(unit: UsageWindow, at: Date): Date {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  if (unit === 'month') return new Date(Date.UTC(year, month));
  return new Date(Date.UTC(year, month, day, unit === 'hour' ? at.getUTCHours() : 0));
}
