import type { Environment } from '@tenon/core';
import type { Io } from '../io.js';
import { errorText, toErrorReport } from '../text/error-text.js';
import { redact } from '../text/redact.js';
import { styleOf } from '../text/style.js';
import type { Style } from '../text/style.js';
import type { DevReport } from './dev-report.js';
import { namedPaths } from './named-paths.js';
import { summaryText } from './summary.js';
import type { Served } from './summary.js';

/** What `tenon dev` tells, line by line. */
export class DevOutput implements DevReport {
  readonly #io: Io;
  readonly #debug: boolean;
  readonly #style: Style;
  #hidden: Environment = {};

  constructor(io: Io, debug: boolean) {
    this.#io = io;
    this.#debug = debug;
    this.#style = styleOf(io.stdout, io.env);
  }

  hide(environment: Environment): void {
    this.#hidden = environment;
  }

  starting(source: string): void {
    this.#say(`Starting ${source}`);
  }

  migrated(names: readonly string[]): void {
    if (names.length > 0) this.#say(`Migrated the database: ${namedPaths(names)}`);
  }

  serving(served: Served, tookMs: number): void {
    const took = this.#style.dim(`${Math.round(tookMs)} ms`);
    this.#say(`${this.#style.green('✓')} ${this.#style.bold('Ready')} ${took}`);
    this.#say(`\n${summaryText(served, this.#style)}\nChanges restart it; Ctrl-C stops it.`);
  }

  reloaded(paths: readonly string[], tookMs: number): void {
    const took = this.#style.dim(`${Math.round(tookMs)} ms`);
    const why = paths.length === 0 ? '' : ` after a change of ${namedPaths(paths)}`;
    this.#say(`${this.#style.green('✓')} Restarted${why} ${took}`);
  }

  failed(error: unknown, stillServing: boolean): void {
    const text = errorText(toErrorReport(error), this.#debug);
    const mark = styleOf(this.#io.stderr, this.#io.env).red('✗');
    this.#io.stderr.write(this.#safe(`${mark} ${text}\n`));
    this.#say(
      stillServing
        ? 'The version before goes on; waiting for a change.'
        : 'Nothing is served; waiting for a change.',
    );
  }

  stopping(): void {
    this.#say('Stopping');
  }

  stopped(): void {
    this.#say('Stopped');
  }

  #say(text: string): void {
    this.#io.stdout.write(this.#safe(`${text}\n`));
  }

  #safe(text: string): string {
    return redact(redact(text, this.#hidden), this.#io.env);
  }
}
