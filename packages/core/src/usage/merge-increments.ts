import { InputCheck } from '../platform/input-check.js';
import { MAX_USAGE_COUNT, windowStart, type UsageIncrement } from './usage-counter.js';
import { usageOverflow } from './usage.errors.js';

const BROKEN = /[\0\p{Cs}]/u;

function check(row: UsageIncrement, index: number): void {
  const { metric, windowUnit, windowStart: start, amount } = row;
  const check = new InputCheck('The usage');
  const good = metric.length >= 1 && metric.length <= 100 && !BROKEN.test(metric);
  check.expect(good, `${index}.metric`, '1 to 100 characters');
  check.expect(
    start.getTime() === windowStart(windowUnit, start).getTime(),
    `${index}.windowStart`,
    `the begin of a ${windowUnit}, UTC`,
  );
  check.expect(amount >= 0n, `${index}.amount`, 'not negative: counters only grow');
  check.done();
}

/** Text that names the counter; sorting by it is the same in every process. */
function keyOf({ metric, windowUnit, windowStart, installationId }: UsageIncrement): string {
  return JSON.stringify([metric, windowUnit, windowStart.getTime(), installationId]);
}

/**
 * One increment per counter, in an order that is the same everywhere, so that two writers never wait for each other in a circle.
 * @throws ValidationError for a metric, window or amount that is none; TenonError `USAGE_OVERFLOW`.
 */
export function mergeIncrements(rows: readonly UsageIncrement[]): readonly UsageIncrement[] {
  const sums = new Map<string, UsageIncrement>();
  for (const [index, row] of rows.entries()) {
    check(row, index);
    const key = keyOf(row);
    const amount = (sums.get(key)?.amount ?? 0n) + row.amount;
    if (amount > MAX_USAGE_COUNT) throw usageOverflow();
    sums.set(key, { ...row, amount });
  }
  const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, row]) => row);
}
