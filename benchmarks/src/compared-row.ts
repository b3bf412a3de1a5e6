import type { Row } from './bench.js';
import { median, medianRatio, type Timings } from './interleave.js';

/** What was timed against something raw, round by round; `max` bounds the ratio. */
export function comparedRow(
  figure: string,
  times: Timings<'ours' | 'raw'>,
  { peer, max }: { readonly peer: string; readonly max?: number },
): Row {
  return {
    figure,
    unit: 'µs',
    ours: median(times.ours),
    peer: { name: peer, value: median(times.raw) },
    ratio: medianRatio(times.ours, times.raw),
    ...(max !== undefined && { bar: { of: 'ratio', max } as const }),
  };
}
