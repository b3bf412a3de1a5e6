import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf, type RunAs } from './run-as.js';

/**
 * Runs the server until a line comes in, or until standard input ends because the parent was killed. Then nobody is left
 * to remove the temporary folder that `TENON_REMOVE` names.
 */
const SUPERVISOR = `
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
(
  read -r _ <&3 || [ -z "$TENON_REMOVE" ] || : >"$TENON_REMOVE/orphaned"
  kill -INT "$server" 2>/dev/null
) &
watcher=$!
exec 3<&-
wait "$server"
code=$?
kill "$watcher" 2>/dev/null
if [ -n "$TENON_REMOVE" ] && [ -f "$TENON_REMOVE/orphaned" ]; then rm -rf -- "$TENON_REMOVE"; fi
exit "$code"
`;

const STOP_TIMEOUT_MS = 10_000;

/** How to run the server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Gets the log, `server.log`. */
  readonly folder: string;
  readonly runAs: RunAs;
  /** Temporary folder, to be removed when the parent was killed. */
  readonly temporaryFolder?: string;
}

/** A server that ends with its parent (not on Windows, which has no shell to watch over it). */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly exited: Promise<void>;
  hasExited = false;

  constructor(server: ServerCommand) {
    const log = openSync(join(server.folder, 'server.log'), 'w');
    const supervised = process.platform !== 'win32';
    const supervision = supervised ? ['/bin/sh', '-c', SUPERVISOR, 'tenon-postgres'] : [];
    const [program = '', ...rest] = [...supervision, server.command, ...server.args];
    const [command, args] = commandOf(server.runAs, program, rest);
    this.#child = spawn(command, args, {
      ...server.runAs.ids,
      cwd: server.folder,
      stdio: ['pipe', log, log],
      // A group of its own: Ctrl-C at the terminal must not stop the server before the app.
      detached: supervised,
      windowsHide: true,
      env: { ...process.env, TENON_REMOVE: server.temporaryFolder ?? '' },
    });
    closeSync(log);
    this.exited = new Promise((resolve) => {
      const end = (): void => {
        this.hasExited = true;
        resolve();
      };
      this.#child.once('exit', end);
      this.#child.once('error', end);
    });
    this.#child.stdin?.on('error', () => undefined);
    // The server never keeps its starter alive.
    this.#child.unref();
    (this.#child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  }

  /** Ends the server: open connections are cut, committed data is kept. */
  async stop(): Promise<void> {
    if (this.hasExited) return;
    this.#child.ref();
    this.#child.stdin?.end('stop\n');
    if (process.platform === 'win32') this.#child.kill();
    const cut = setTimeout(() => {
      const { pid } = this.#child;
      if (pid !== undefined) process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    }, STOP_TIMEOUT_MS);
    await this.exited;
    clearTimeout(cut);
  }
}
