import {
  isTenonError,
  mergeIncrements,
  NO_INSTALLATION,
  usageOverflow,
  type InstallationId,
  type TenantId,
  type UsageCounter,
  type UsageCounterKey,
  type UsageCounterRepository,
  type UsageFilter,
  type UsageIncrement,
  type UsagePage,
  type UsageRange,
  type UsageTotal,
  type UsageWindow,
} from '@tenon/core';
import { above, between, below, from as startingAt, type Filter } from './filter.js';
import { Rows } from './rows.js';
import type { BulkChange } from './scoped-rows.js';
import type { Row } from './scoped-reads.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

type Installation = InstallationId | null;

const toKey = (id: Installation): string => id ?? NO_INSTALLATION;

function toCounter(row: Row): UsageCounter {
  const { installationId, ...rest } = row;
  return {
    ...rest,
    installationId: installationId === NO_INSTALLATION ? null : installationId,
  } as unknown as UsageCounter;
}

function filterOf({ installationId, windowUnit, from, to }: UsageFilter): Filter {
  const both = from && to ? between(from, to) : undefined;
  const one = from ? startingAt(from) : to && below(to);
  return {
    windowUnit,
    installationId: installationId === undefined ? undefined : toKey(installationId),
    windowStart: both ?? one,
  };
}

export class MongodbUsageCounterRepository implements UsageCounterRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'usageCounters');
  }

  #idOf(tenantId: TenantId, key: UsageCounterKey): string {
    return this.#rows.codec.idOf({ tenantId, ...key, installationId: toKey(key.installationId) });
  }

  async add(tenantId: TenantId, rows: readonly UsageIncrement[], at: Date): Promise<void> {
    const given = mergeIncrements(rows);
    if (given.length === 0) return;
    const changes = given.map((row): BulkChange => {
      const { metric, windowUnit, windowStart, installationId, amount } = row;
      const onInsert = { metric, windowUnit, windowStart, installationId: toKey(installationId) };
      const change = { add: { count: amount }, raise: { updatedAt: at }, onInsert };
      return { id: this.#idOf(tenantId, row), filter: null, change };
    });
    try {
      await this.#rows.of(tenantId).bulk(changes);
    } catch (error) {
      throw isOverflow(error) ? usageOverflow() : error;
    }
  }

  async range(tenantId: TenantId, range: UsageRange): Promise<readonly UsageCounter[]> {
    const { installationId, metric, windowUnit, from, to } = range;
    if (!areIds(tenantId, installationId)) return [];
    const filter = {
      ...{ metric, windowUnit, windowStart: between(from, to) },
      installationId: toKey(installationId),
    };
    const order = { sort: { windowStart: 1 } } as const;
    return (await this.#rows.of(tenantId).find(filter, order)).map(toCounter);
  }

  async list(
    tenantId: TenantId,
    filter: UsageFilter,
    { after, limit }: UsagePage,
  ): Promise<readonly UsageCounter[]> {
    if (!areIds(tenantId, filter.installationId, after?.installationId)) return [];
    const rest = after ? { _id: above(this.#idOf(tenantId, after)) } : {};
    const order = { sort: { _id: 1 }, limit } as const;
    const rows = await this.#rows.of(tenantId).find({ ...filterOf(filter), ...rest }, order);
    return rows.map(toCounter);
  }

  async totals(
    tenantId: TenantId,
    filter: UsageFilter & Required<Pick<UsageFilter, 'windowUnit'>>,
  ): Promise<readonly UsageTotal[]> {
    if (!areIds(tenantId, filter.installationId)) return [];
    const order = { sort: { _id: 1 } } as const;
    const rows = await this.#rows.of(tenantId).find(filterOf(filter), order);
    // Summed here: the server's sums of integers become rounded numbers beyond 64 bits.
    const totals = new Map<string, bigint>();
    for (const { metric, count } of rows.map(toCounter)) {
      totals.set(metric, (totals.get(metric) ?? 0n) + count);
    }
    return [...totals].map(([metric, total]) => ({ metric, total }));
  }

  async deleteBefore(windowUnit: UsageWindow, before: Date, limit: number): Promise<number> {
    const filter = { windowUnit, windowStart: below(before) };
    const order = { sort: { windowStart: 1 }, limit } as const;
    return this.#rows.acrossTenants().deleteSome(filter, order);
  }
}

/** The server refuses a sum beyond 64 bits, in words alone. */
function isOverflow(error: unknown): boolean {
  const cause = isTenonError(error) ? error.cause : error;
  return /overflow|out of range|64-bit/i.test((cause as Error | undefined)?.message ?? '');
}
