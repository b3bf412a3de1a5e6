import type { Io } from '../io.js';

const EVERY_MS = 1_000;
const PERCENT = 100;

/** How far something is. */
export interface Step {
  readonly entity: string | null;
  readonly rows: number;
  /** From 0 to 1; null when it is not known. */
  readonly portion: number | null;
}

/** Tells of progress on standard error, once in a second. */
export class ProgressLines {
  #toldAt = Date.now();
  #toldRows: number | null = null;

  constructor(private readonly io: Io) {}

  tell({ entity, rows, portion }: Step): void {
    // What was there before the first step costs no time.
    this.#toldRows ??= rows;
    const elapsedMs = Date.now() - this.#toldAt;
    if (elapsedMs < EVERY_MS) return;
    const rate = Math.round(((rows - this.#toldRows) / elapsedMs) * 1_000);
    const percent = portion === null ? '' : `, ${Math.floor(portion * PERCENT)} %`;
    this.io.stderr.write(
      `${entity ?? 'done'}: ${count(rows)} rows, ${count(rate)} rows/s${percent}\n`,
    );
    this.#toldAt = Date.now();
    this.#toldRows = rows;
  }
}

/** A number with separators. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
