import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TenonError } from '@tenon/core';
import type { Environment } from '@tenon/core';
import type { AppModule } from '../app/import-app.js';
import { LocalProcessError } from '../cli.errors.js';
import type { ErrorReport } from '../text/error-text.js';
import type { DevWatch } from './dev-report.js';
import type { ChildMessage, Duty, ParentMessage, Started } from './messages.js';

const PROGRAM = fileURLToPath(new URL('./dev-child.main.js', import.meta.url));

/** An error of a child, in the parent: same message, code and stack. */
function revive({ message, code, stack }: ErrorReport): Error {
  const error =
    code === null
      ? new Error(message)
      : new TenonError({ code, category: 'misconfigured', message });
  error.stack = stack;
  return error;
}

/** Options of {@link DevChild}. */
export interface DevChildOptions {
  readonly cwd: string;
  readonly env: Environment;
  /** Gets what it prints and does; without one it prints where this process does. */
  readonly watch: DevWatch | null;
}

/** A child process that has loaded the app, from the parent's side. */
export class DevChild {
  readonly #process: ChildProcess;
  /** Resolves when the process is gone, with words for how. */
  readonly ended: Promise<string>;
  /** Resolves when the app is loaded. Rejects with what loading threw. */
  readonly loaded: Promise<void>;

  constructor(module: AppModule, options: DevChildOptions) {
    const { watch } = options;
    const text = watch ? 'pipe' : 'inherit';
    this.#process = fork(PROGRAM, [module.file, module.source], {
      cwd: options.cwd,
      env: { ...options.env },
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', text, text, 'ipc'],
      // Of its own group, so that Ctrl-C reaches the parent alone, which stops its children in order.
      detached: process.platform !== 'win32',
    });
    if (watch) this.#watch(watch);
    this.ended = new Promise((resolve) => {
      this.#process.once('error', (error) => {
        resolve(error.message);
      });
      this.#process.once('exit', (code, signal) => {
        resolve(signal ?? `exit code ${String(code)}`);
      });
    });
    this.loaded = this.#answer('loaded').then(() => undefined);
    // Nobody may be waiting any more when a child that was given up fails.
    this.loaded.catch(() => undefined);
  }

  /** Gives the child its duty. Rejects with what starting threw. */
  async start<K extends Duty['kind']>(
    duty: Extract<Duty, { kind: K }>,
  ): Promise<Extract<Started, { kind: K }>> {
    const answer = this.#answer('started');
    this.#send({ kind: 'start', duty });
    return (await answer).started as Extract<Started, { kind: K }>;
  }

  /** Asks the child to stop, and kills it when it has not after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#send({ kind: 'stop' });
    const timer = setTimeout(() => {
      this.kill();
    }, graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #watch(watch: DevWatch): void {
    for (const output of [this.#process.stdout, this.#process.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => {
        watch.printed(text);
      });
    }
    this.#process.on('message', (message: ChildMessage) => {
      if (message.kind === 'activity') watch.activity(message.activities);
    });
  }

  #send(message: ParentMessage): void {
    // A child that is already gone needs no message; `ended` tells of it.
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #answer<K extends ChildMessage['kind']>(
    kind: K,
  ): Promise<Extract<ChildMessage, { readonly kind: K }>> {
    return new Promise((resolve, reject) => {
      const listen = (message: ChildMessage): void => {
        if (message.kind === 'failed') reject(revive(message.error));
        else if (message.kind === kind) resolve(message as Extract<ChildMessage, { kind: K }>);
        else return;
        this.#process.off('message', listen);
      };
      this.#process.on('message', listen);
      void this.ended.then((how) => {
        reject(new LocalProcessError(`The app's process ended before it was ${kind} (${how})`));
      });
    });
  }
}
