/** Something to time: one call is one iteration. */
export type Contender = () => unknown;

/** How long to run. */
export interface InterleaveOptions {
  /** Rounds that count; in each, every contender runs once. */
  readonly rounds?: number;
  /** Calls of a contender per round. */
  readonly iterations: number;
  /** Calls before the first round. Default: as many as one round has. */
  readonly warmup?: number;
}

/** Microseconds per call of each contender, round by round. */
export type Timings<Name extends string> = Readonly<Record<Name, readonly number[]>>;

/** The middle value; of an even number of values the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The median of the ratios of each round: what disturbs a round disturbs both sides of it. */
export function medianRatio(ours: readonly number[], peer: readonly number[]): number {
  return median(ours.map((value, round) => value / (peer[round] ?? NaN)));
}

/** The median of the differences of each round. */
export function medianDifference(ours: readonly number[], peer: readonly number[]): number {
  return median(ours.map((value, round) => value - (peer[round] ?? NaN)));
}

async function timeCalls(contender: Contender, calls: number): Promise<number> {
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call += 1) await contender();
  return Number(process.hrtime.bigint() - start) / 1000 / calls;
}

/** Runs the contenders in turns, so that whatever else the machine does falls on all of them. */
export async function interleave<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  options: InterleaveOptions,
): Promise<Timings<Name>> {
  const { rounds = 9, iterations, warmup = iterations } = options;
  const names = Object.keys(contenders) as Name[];
  const timings = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >;
  for (const name of names) await timeCalls(contenders[name], warmup);
  for (let round = 0; round < rounds; round += 1) {
    // Turning the order around gives nobody the better place.
    const order = round % 2 === 0 ? names : [...names].reverse();
    for (const name of order) timings[name].push(await timeCalls(contenders[name], iterations));
  }
  return timings;
}
