/** The bound a figure has to keep, on the number named by `of`. */
export interface Bar {
  readonly of: 'ratio' | 'ours';
  readonly max?: number;
  readonly min?: number;
}

/** One line of the table. */
export interface Row {
  /** What was measured, unique within its bench. */
  readonly figure: string;
  readonly unit: string;
  readonly ours: number;
  /** What ours is compared with, measured in the same run. */
  readonly peer?: { readonly name: string; readonly value: number };
  /** Ours over peer, taken round by round; made from the two numbers when absent. */
  readonly ratio?: number;
  readonly bar?: Bar;
}

/** One file of `benches/`: exported as `bench`. */
export interface Bench {
  /** Kebab-case; selects the bench on the command line. */
  readonly name: string;
  readonly title: string;
  /** The bar in words, for people. */
  readonly bar: string;
  run(): Promise<readonly Row[]>;
}

/** Ours over peer, or null when there is no peer. */
export function ratioOf(row: Row): number | null {
  if (row.ratio !== undefined) return row.ratio;
  return row.peer === undefined ? null : row.ours / row.peer.value;
}

/** Whether a row keeps its bar; null when it has none. */
export function keepsBar(row: Row): boolean | null {
  const { bar } = row;
  if (bar === undefined) return null;
  const value = bar.of === 'ratio' ? ratioOf(row) : row.ours;
  if (value === null) return null;
  return value <= (bar.max ?? Infinity) && value >= (bar.min ?? -Infinity);
}
