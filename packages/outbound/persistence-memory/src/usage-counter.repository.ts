import { MAX_USAGE_COUNT, mergeIncrements, usageOverflow } from '@tenon/core';
import type {
  TenantId,
  UsageCounter,
  UsageCounterKey,
  UsageCounterRepository,
  UsageFilter,
  UsageIncrement,
  UsagePage,
  UsageRange,
  UsageTotal,
  UsageWindow,
} from '@tenon/core';
import type { Access } from './access.js';
import { counterOf, type Database } from './database.js';
import { matches, where } from './rows.js';
import { compareCodePoints } from './sorted-keys.js';

export class MemoryUsageCounterRepository implements UsageCounterRepository {
  constructor(private readonly access: Access) {}

  add(tenantId: TenantId, rows: readonly UsageIncrement[], at: Date): Promise<void> {
    return this.access.run(({ usageCounters }) => {
      for (const { amount, ...key } of mergeIncrements(rows)) {
        const before = usageCounters.get(counterOf({ tenantId, ...key }));
        const count = (before?.count ?? 0n) + amount;
        if (count > MAX_USAGE_COUNT) throw usageOverflow();
        const updatedAt = before && before.updatedAt > at ? before.updatedAt : at;
        usageCounters.put({ tenantId, ...key, count, updatedAt });
      }
    });
  }

  range(tenantId: TenantId, range: UsageRange): Promise<readonly UsageCounter[]> {
    return this.access.run((database) =>
      [...matching(database, tenantId, range)]
        .filter(({ metric }) => metric === range.metric)
        .sort(byKey),
    );
  }

  list(tenantId: TenantId, filter: UsageFilter, page: UsagePage): Promise<readonly UsageCounter[]> {
    const { after, limit } = page;
    return this.access.run((database) =>
      [...matching(database, tenantId, filter)]
        .filter((counter) => after === null || byKey(counter, after) > 0)
        .sort(byKey)
        .slice(0, limit),
    );
  }

  totals(
    tenantId: TenantId,
    filter: UsageFilter & Required<Pick<UsageFilter, 'windowUnit'>>,
  ): Promise<readonly UsageTotal[]> {
    return this.access.run((database) => {
      const totals = new Map<string, bigint>();
      for (const { metric, count } of matching(database, tenantId, filter)) {
        totals.set(metric, (totals.get(metric) ?? 0n) + count);
      }
      return [...totals]
        .map(([metric, total]) => ({ metric, total }))
        .sort((a, b) => compareCodePoints(a.metric, b.metric));
    });
  }

  deleteBefore(windowUnit: UsageWindow, before: Date, limit: number): Promise<number> {
    return this.access.run(({ usageCounters }) => {
      const old = where(
        usageCounters.all(),
        (counter) => counter.windowUnit === windowUnit && counter.windowStart < before,
      );
      const keys = [...old].slice(0, limit).map(counterOf);
      for (const key of keys) usageCounters.remove(key);
      return keys.length;
    });
  }
}

function matching(
  { usageCounters }: Database,
  tenantId: TenantId,
  filter: UsageFilter,
): Iterable<UsageCounter> {
  const { installationId, windowUnit, from, to } = filter;
  return where(
    usageCounters.group('tenant', tenantId),
    (counter) =>
      matches(installationId, counter.installationId) &&
      matches(windowUnit, counter.windowUnit) &&
      (from === undefined || counter.windowStart >= from) &&
      (to === undefined || counter.windowStart < to),
  );
}

function byKey(a: UsageCounterKey, b: UsageCounterKey): number {
  return (
    compareCodePoints(a.metric, b.metric) ||
    compareCodePoints(a.windowUnit, b.windowUnit) ||
    a.windowStart.getTime() - b.windowStart.getTime() ||
    compareCodePoints(a.installationId ?? '', b.installationId ?? '')
  );
}
