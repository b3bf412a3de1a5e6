import { appendFileSync, writeFileSync } from 'node:fs';
import type { Environment, ServiceActivity } from '@tenon/core';
import type { Io, Terminal } from '../../io.js';
import { errorText, toErrorReport } from '../../text/error-text.js';
import { redact } from '../../text/redact.js';
import { placeName, sourcePlace } from '../../text/source-place.js';
import { styleOf } from '../../text/style.js';
import type { DevReport, DevWatch } from '../dev-report.js';
import { namedPaths } from '../named-paths.js';
import type { Served } from '../summary.js';
import { LineCutter, loggedError } from './log-lines.js';
import { renderView } from './render-view.js';
import { TerminalScreen } from './terminal-screen.js';
import type { Key } from './terminal-screen.js';
import { cleared, emptyView, withActivity, withError } from './view-state.js';
import type { ErrorRow, ViewState } from './view-state.js';

/** Options of {@link DevView}. */
export interface DevViewOptions {
  readonly io: Io;
  readonly terminal: Terminal;
  /** Absolute path of a file that gets everything that the app prints. */
  readonly logFile: string;
  readonly logName: string;
  readonly onQuit: () => void;
  readonly onRestart: () => void;
}

/** Changes that come together are drawn together. */
const DRAW_AFTER_MS = 80;
/** Rates fall while nothing happens. */
const DRAW_EVERY_MS = 1_000;

/** `tenon dev` on a terminal: one screen that tells what goes on. */
export class DevView implements DevReport, DevWatch {
  readonly #options: DevViewOptions;
  readonly #screen: TerminalScreen;
  readonly #lines = new LineCutter();
  #state: ViewState = emptyView;
  #hidden: Environment = {};
  #soon: NodeJS.Timeout | null = null;
  #tick: NodeJS.Timeout | null = null;

  constructor(options: DevViewOptions) {
    this.#options = options;
    this.#screen = new TerminalScreen(options.terminal, {
      onKey: (key) => {
        this.#pressed(key);
      },
      onResize: () => {
        this.#draw();
      },
    });
  }

  open(): void {
    writeFileSync(this.#options.logFile, '', { mode: 0o600 });
    this.#screen.enter();
    this.#tick = setInterval(() => {
      this.#draw();
    }, DRAW_EVERY_MS);
    this.#draw();
  }

  /** Gives the terminal back. Idempotent. */
  close(): void {
    if (this.#tick) clearInterval(this.#tick);
    if (this.#soon) clearTimeout(this.#soon);
    this.#screen.leave();
  }

  hide(environment: Environment): void {
    this.#hidden = environment;
  }

  starting(source: string): void {
    this.#status('busy', `Starting ${source}`);
  }

  migrated(names: readonly string[]): void {
    if (names.length > 0) this.#log(`Migrated the database: ${names.join(', ')}\n`);
  }

  serving(served: Served, tookMs: number): void {
    this.#state = { ...this.#state, served };
    this.#status('ok', `Ready ${Math.round(tookMs)} ms`);
  }

  reloaded(paths: readonly string[], tookMs: number): void {
    const why = paths.length === 0 ? '' : ` after a change of ${namedPaths(paths)}`;
    this.#status('ok', `Restarted${why} ${Math.round(tookMs)} ms`);
  }

  failed(error: unknown, stillServing: boolean): void {
    const report = toErrorReport(error);
    const text = this.#safe(errorText(report, false));
    const full = this.#safe(report.code === null ? report.stack : text);
    const place = sourcePlace(report.stack, this.#options.io.cwd);
    this.#failed({
      at: Date.now(),
      code: report.code,
      message: text.split('\n', 1)[0] ?? '',
      place: place && placeName(place, this.#options.io.cwd),
      full,
    });
    this.#log(`${text}\n`);
    this.#status(
      'failed',
      stillServing ? 'The version before goes on; waiting for a change' : 'Waiting for a change',
    );
  }

  stopping(): void {
    this.#status('busy', 'Stopping');
  }

  stopped(): void {
    this.close();
  }

  activity(activities: readonly ServiceActivity[]): void {
    const now = Date.now();
    for (const activity of activities) this.#state = withActivity(this.#state, activity, now);
    this.#drawSoon();
  }

  printed(text: string): void {
    for (const line of this.#lines.take(text)) {
      const safe = this.#safe(line);
      this.#log(`${safe}\n`);
      const error = loggedError(safe, this.#options.io.cwd, Date.now());
      if (error) this.#failed(error);
    }
  }

  #failed(error: ErrorRow): void {
    this.#state = withError(this.#state, error);
    this.#drawSoon();
  }

  #pressed(key: Key): void {
    if (key === 'quit') this.#options.onQuit();
    else if (this.#state.shows === 'error') this.#state = { ...this.#state, shows: 'overview' };
    else if (key === 'restart') this.#options.onRestart();
    else if (key === 'clear') this.#state = cleared(this.#state);
    else if (key === 'error') this.#state = { ...this.#state, shows: 'error' };
    this.#draw();
  }

  #status(kind: ViewState['status']['kind'], text: string): void {
    this.#state = { ...this.#state, status: { kind, text } };
    this.#draw();
  }

  #drawSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#draw();
    }, DRAW_AFTER_MS);
  }

  #draw(): void {
    if (this.#soon) clearTimeout(this.#soon);
    this.#soon = null;
    const { io, logName: logFile } = this.#options;
    const style = styleOf({ isTTY: true, write: () => undefined }, io.env);
    const canvas = { ...this.#screen.size, now: Date.now(), style, logFile };
    this.#screen.draw(renderView(this.#state, canvas));
  }

  #log(text: string): void {
    appendFileSync(this.#options.logFile, text);
  }

  #safe(text: string): string {
    return redact(redact(text, this.#hidden), this.#options.io.env);
  }
}
