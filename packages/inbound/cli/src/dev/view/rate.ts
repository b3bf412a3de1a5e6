/** A count that grows, at a time in milliseconds. */
export interface Sample {
  readonly at: number;
  readonly count: number;
}

/** Some samples of the last seconds, the oldest first. */
export type Samples = readonly Sample[];

export const noSamples: Samples = [];

const WINDOW_MS = 5_000;
/** Closer ones are taken together, so that a quick count costs no more than a slow one. */
const APART_MS = 250;

/** Adds a sample, and forgets those that are too old. */
export function addSample(samples: Samples, sample: Sample): Samples {
  const recent = samples.filter(({ at }) => sample.at - at <= WINDOW_MS);
  const before = recent.at(-2);
  const joins = before !== undefined && sample.at - before.at < APART_MS;
  return [...(joins ? recent.slice(0, -1) : recent), sample];
}

/** Counts per second over the last seconds; null when nothing was counted in them. */
export function rateOf(samples: Samples, now: number): number | null {
  const first = samples.find(({ at }) => now - at <= WINDOW_MS);
  const last = samples.at(-1);
  if (!first || !last || last.count <= first.count) return null;
  const tookMs = Math.max(now, last.at) - first.at;
  return tookMs <= 0 ? null : ((last.count - first.count) * 1_000) / tookMs;
}
