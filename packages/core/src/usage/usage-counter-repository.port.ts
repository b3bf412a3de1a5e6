import type { TenantId } from '../tenant/tenant.js';
import type {
  UsageCounter,
  UsageCounterKey,
  UsageIncrement,
  UsageWindow,
} from './usage-counter.js';

/** The counters of one metric over time. `from` is within, `to` is not; both compare with the begin of windows. */
export interface UsageRange {
  readonly installationId: UsageCounter['installationId'];
  readonly metric: string;
  readonly windowUnit: UsageWindow;
  readonly from: Date;
  readonly to: Date;
}

/** Restricts a list. `installationId: null` asks for what no installation did, undefined for all. */
export interface UsageFilter {
  readonly installationId?: UsageCounter['installationId'] | undefined;
  readonly windowUnit?: UsageWindow | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** A part of the list, after a counter. */
export interface UsagePage {
  readonly limit: number;
  readonly after: UsageCounterKey | null;
}

/** A metric and what it counts together. A total may exceed 64 bits. */
export interface UsageTotal {
  readonly metric: string;
  readonly total: bigint;
}

/** Usage counters. */
export interface UsageCounterRepository {
  /**
   * Adds to thousands of counters at once; those that are missing begin at 0. Rows of one counter are summed. Any number of
   * writers may add to the same counters in any order: nothing is lost. `at` becomes `updatedAt` unless that is later.
   * After an error some of the rows may have been added, never a part of one.
   * @throws TenonError `USAGE_OVERFLOW`, ValidationError: what `mergeIncrements` refuses.
   */
  add(tenantId: TenantId, rows: readonly UsageIncrement[], at: Date): Promise<void>;
  /** The counters that exist, the oldest window first; windows without a counter are left out. */
  range(tenantId: TenantId, range: UsageRange): Promise<readonly UsageCounter[]>;
  /** In the order of metric (by code point), window unit, begin of the window, installation (none is first). */
  list(tenantId: TenantId, filter: UsageFilter, page: UsagePage): Promise<readonly UsageCounter[]>;
  /** Sums per metric, in the order of metrics by code point. Counters of one unit only: units overlap. */
  totals(
    tenantId: TenantId,
    filter: UsageFilter & Required<Pick<UsageFilter, 'windowUnit'>>,
  ): Promise<readonly UsageTotal[]>;
  /** Deletes counters of all tenants whose window began before a moment; at most `limit`. Answers how many. */
  deleteBefore(windowUnit: UsageWindow, before: Date, limit: number): Promise<number>;
}
