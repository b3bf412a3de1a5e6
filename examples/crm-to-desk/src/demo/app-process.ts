import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkerReport } from './worker-report.js';

type Message = WorkerReport | { readonly type: 'ready'; readonly port: number | null };

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

/** A part of the app in a process of its own. */
export class AppProcess {
  /** The last report of a worker. */
  report: WorkerReport | null = null;

  private constructor(
    readonly port: number | null,
    readonly child: ChildProcess,
  ) {
    child.on('message', (message: Message) => {
      if (message.type === 'report') this.report = message;
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** @throws Error with the end of its output when it does not come up. */
  static async start(role: 'api' | 'worker', environment: NodeJS.ProcessEnv): Promise<AppProcess> {
    const entry = fileURLToPath(new URL('../process.js', import.meta.url));
    const child = fork(entry, [role], {
      env: environment,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let tail = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString('utf8')).slice(-4_000);
    });
    const port = await new Promise<number | null>((resolve, reject) => {
      const fail = (why: string): void => {
        reject(new Error(`The ${role} process ${why}\n${tail}`));
      };
      const timer = setTimeout(() => {
        fail(`was not ready within ${READY_TIMEOUT_MS} ms`);
      }, READY_TIMEOUT_MS);
      child.once('exit', (code) => {
        clearTimeout(timer);
        fail(`ended with ${code ?? 'a signal'}`);
      });
      child.on('message', (message: Message) => {
        if (message.type !== 'ready') return;
        clearTimeout(timer);
        resolve(message.port);
      });
    });
    return new AppProcess(port, child);
  }

  /** Ends it at once, as a crash would. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Lets it finish what it has in hand. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.#end('SIGTERM');
    clearTimeout(timer);
  }

  #end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.once('exit', () => {
        resolve();
      });
      this.child.kill(signal);
    });
  }
}
