import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ChildPlan {
  /** What messages call the service. */
  readonly name: string;
  /** Its compiled entry, as a path from this file. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Secrets go here: arguments can be read by every user of the machine. */
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take until it is ready, in milliseconds. Default 20,000. */
  readonly readyTimeoutMs?: number;
  /** How long it may take to stop before it is killed, in milliseconds. Default 5,000. */
  readonly stopTimeoutMs?: number;
}

const STDERR_TAIL_CHARACTERS = 4000;

/** A service running as a child process. */
export class ServiceChild {
  /** The JSON line that the service printed when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  readonly #child: ChildProcess;
  readonly #stopTimeoutMs: number;

  private constructor(child: ChildProcess, ready: Record<string, unknown>, stopTimeoutMs: number) {
    this.#child = child;
    this.ready = ready;
    this.#stopTimeoutMs = stopTimeoutMs;
  }

  /**
   * Starts a service and waits until it is ready.
   * @throws Error with the end of its stderr when it ends or is not ready in time.
   */
  static async start(plan: ChildPlan): Promise<ServiceChild> {
    const child = spawn(process.execPath, [entryPath(plan.entry), ...plan.args], {
      env: { ...process.env, ...plan.env, STOP_WITH_STDIN: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-STDERR_TAIL_CHARACTERS);
    });
    try {
      const line = await firstLine(child, plan.readyTimeoutMs ?? 20_000);
      const ready = JSON.parse(line) as Record<string, unknown>;
      return new ServiceChild(child, ready, plan.stopTimeoutMs ?? 5000);
    } catch (error) {
      child.kill('SIGKILL');
      const reason = error instanceof Error ? error.message : 'unknown';
      const cause = { cause: error };
      throw new Error(`The ${plan.name} did not start: ${reason}\n${stderr.trim()}`, cause);
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** An address from the ready line. */
  text(field: string): string {
    const value = this.ready[field];
    if (typeof value === 'string') return value;
    throw new Error(`The service told no ${field} when it was ready.`);
  }

  /** Ends the process at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks the process to end, and kills it when it takes too long. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#stopTimeoutMs);
    await this.#end('SIGTERM');
    clearTimeout(timer);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill(signal);
    await ended;
  }
}

// Tests run from the sources, processes from what was compiled of them.
function entryPath(entry: string): string {
  const here = new URL(entry, import.meta.url);
  if (existsSync(here)) return fileURLToPath(here);
  const compiled = new URL(here.href.replace('/crm-to-desk/src/', '/crm-to-desk/dist/'));
  if (existsSync(compiled)) return fileURLToPath(compiled);
  throw new Error(`There is no ${fileURLToPath(compiled)}; run "npm run build" first.`);
}

function firstLine(child: ChildProcess, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`it was not ready within ${timeoutMs} ms`));
    }, timeoutMs);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      finish();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('close', (code, signal) =>
      settle(() => reject(new Error(`it ended with ${signal ?? `exit code ${code}`}`))),
    );
    if (child.stdout === null) return;
    const lines = createInterface({ input: child.stdout });
    lines.once('line', (line) => settle(() => resolve(line)));
  });
}
