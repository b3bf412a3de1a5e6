import type { UsageWindow } from './usage-counter.js';

const DAY_MS = 86_400_000;

/** How long counters are kept, by the length of their windows. Those of months are kept as long as their tenant. */
export const USAGE_RETENTION_MS: Readonly<Partial<Record<UsageWindow, number>>> = {
  hour: 90 * DAY_MS,
  day: 800 * DAY_MS,
};
