import type { Io } from '../io.js';

const WIDTH = 24;
const PERCENT = 100;
/** A terminal is drawn on as often as eyes see; a log gets a line now and then. */
const DRAW_EVERY_MS = 100;
const LINE_EVERY_MS = 1_000;

/** `[######··················]  25 %`; a portion is from 0 to 1. */
export function bar(portion: number): string {
  const part = Math.min(1, Math.max(0, portion));
  const filled = Math.floor(part * WIDTH);
  const percent = String(Math.floor(part * PERCENT)).padStart(3);
  return `[${'#'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${percent} %`;
}

/** Tells of long work on standard error: one line that changes on a terminal, lines elsewhere. */
export class StatusLine {
  readonly #terminal: boolean;
  #toldAt: number;
  #drawn = false;

  constructor(
    private readonly io: Pick<Io, 'stderr'>,
    private readonly now: () => number = Date.now,
  ) {
    this.#terminal = io.stderr.isTTY === true;
    // Work that is done within a moment needs no telling.
    this.#toldAt = now();
  }

  /** Shows how far the work is, unless it just did. A portion is drawn as a bar, on terminals. */
  tell(text: string, portion: number | null = null): void {
    const elapsedMs = this.now() - this.#toldAt;
    if (elapsedMs < (this.#terminal ? DRAW_EVERY_MS : LINE_EVERY_MS)) return;
    this.#toldAt = this.now();
    if (!this.#terminal) {
      const percent = portion === null ? '' : `, ${Math.floor(portion * PERCENT)} %`;
      this.io.stderr.write(`${text}${percent}\n`);
      return;
    }
    this.io.stderr.write(`\r\u001b[2K${portion === null ? '' : `${bar(portion)} `}${text}`);
    this.#drawn = true;
  }

  /** A line that stays. */
  say(text: string): void {
    this.end();
    this.io.stderr.write(`${text}\n`);
  }

  /** Takes the line away from the terminal. */
  end(): void {
    if (this.#drawn) this.io.stderr.write('\r\u001b[2K');
    this.#drawn = false;
  }
}
