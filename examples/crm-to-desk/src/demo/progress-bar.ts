import type { RunDto } from './tenon-api.js';
import type { WorkerReport } from './worker-report.js';

const WIDTH = 24;
const PLAIN_EVERY_MS = 2_000;

const number = new Intl.NumberFormat('en-US');

/** What a run took. */
export interface Pace {
  readonly seconds: number;
  readonly recordsPerSecond: number;
}

/** Draws one line per run: a bar on a terminal, a line every two seconds elsewhere. */
export class ProgressBar {
  readonly #startedAt = performance.now();
  #lastPlainAt = 0;

  constructor(private readonly label: string) {}

  draw(run: RunDto, report: WorkerReport | null): void {
    const line = this.#line(run, report);
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${line}`);
    else if (performance.now() - this.#lastPlainAt >= PLAIN_EVERY_MS) {
      this.#lastPlainAt = performance.now();
      console.log(line);
    }
  }

  /** Ends the line. */
  finish(run: RunDto, report: WorkerReport | null): Pace {
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K`);
    console.log(this.#line(run, report));
    return this.#pace(run);
  }

  #pace(run: RunDto): Pace {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return { seconds, recordsPerSecond: run.progress.processed / Math.max(seconds, 0.001) };
  }

  #line(run: RunDto, report: WorkerReport | null): string {
    const { processed, total } = run.progress;
    const share = total === null || total === 0 ? 0 : Math.min(1, processed / total);
    const filled = Math.round(share * WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    const waits = report
      ? `${report.rateLimitWaits} rate-limit waits (${(report.rateLimitWaitMs / 1000).toFixed(1)} s)`
      : '';
    const counts = report
      ? ` · ${report.retries} retries · ${report.refreshes} refreshes · ${waits}`
      : '';
    const speed = number.format(Math.round(this.#pace(run).recordsPerSecond));
    return `  ${this.label} ${bar} ${(share * 100).toFixed(0).padStart(3)} % ${number.format(processed)} records · ${speed}/s${counts}`;
  }
}
