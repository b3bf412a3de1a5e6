import type { Environment } from '@tenon/core';
import type { Io } from '../io.js';
import { errorText, toErrorReport } from '../text/error-text.js';
import { redact } from '../text/redact.js';
import { styleOf } from '../text/style.js';
import type { Style } from '../text/style.js';
import { summaryText } from './summary.js';
import type { Served } from './summary.js';

const MAX_NAMED = 3;

function named(paths: readonly string[]): string {
  const rest = paths.length - MAX_NAMED;
  const first = paths.slice(0, MAX_NAMED).join(', ');
  return rest > 0 ? `${first} and ${rest} more` : first;
}

/** What `tenon dev` tells the person at the terminal. */
export class DevOutput {
  readonly #io: Io;
  readonly #debug: boolean;
  readonly #style: Style;
  #hidden: Environment = {};

  constructor(io: Io, debug: boolean) {
    this.#io = io;
    this.#debug = debug;
    this.#style = styleOf(io.stdout, io.env);
  }

  /** Values that must not be shown from now on, besides those of the command line's environment. */
  hide(environment: Environment): void {
    this.#hidden = environment;
  }

  starting(source: string): void {
    this.#say(`Starting ${source}`);
  }

  migrated(names: readonly string[]): void {
    if (names.length > 0) this.#say(`Migrated the database: ${named(names)}`);
  }

  serving(served: Served, tookMs: number): void {
    const took = this.#style.dim(`${Math.round(tookMs)} ms`);
    this.#say(`${this.#style.green('✓')} ${this.#style.bold('Ready')} ${took}`);
    this.#say(`\n${summaryText(served, this.#style)}\nChanges restart it; Ctrl-C stops it.`);
  }

  reloaded(paths: readonly string[], tookMs: number): void {
    const took = this.#style.dim(`${Math.round(tookMs)} ms`);
    this.#say(`${this.#style.green('✓')} Restarted after a change of ${named(paths)} ${took}`);
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
