import type { Io } from '../io.js';
import { StatusLine } from '../text/status-line.js';

const SECOND_MS = 1_000;

/** How far something is. */
export interface Step {
  readonly entity: string | null;
  readonly rows: number;
  /** From 0 to 1; null when it is not known. */
  readonly portion: number | null;
}

/** Tells of progress on standard error. */
export class ProgressLines {
  readonly #line: StatusLine;
  #sinceMs = Date.now();
  #sinceRows: number | null = null;
  #rate = 0;

  constructor(io: Io) {
    this.#line = new StatusLine(io);
  }

  tell({ entity, rows, portion }: Step): void {
    // What was there before the first step costs no time.
    this.#sinceRows ??= rows;
    const elapsedMs = Date.now() - this.#sinceMs;
    if (elapsedMs >= SECOND_MS) {
      this.#rate = Math.round(((rows - this.#sinceRows) / elapsedMs) * SECOND_MS);
      this.#sinceMs = Date.now();
      this.#sinceRows = rows;
    }
    const text = `${entity ?? 'done'}: ${count(rows)} rows, ${count(this.#rate)} rows/s`;
    this.#line.tell(text, portion);
  }

  end(): void {
    this.#line.end();
  }
}

/** A number with separators. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
