import type { Readable, Writable } from 'node:stream';
import type { Environment } from '@tenon/core';

/** Where text goes. `process.stdout` and `process.stderr` are such. */
export interface TextOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A person at a terminal, who can be asked. */
export interface Terminal {
  readonly input: Readable & { setRawMode?(raw: boolean): unknown };
  /** Tells of a new size by the event `resize`. */
  readonly output: Writable & { readonly columns?: number; readonly rows?: number };
}

/** Everything that a command sees of the process it runs in. */
export interface Io {
  /** Bytes of standard input; absent where there is none. */
  readonly stdin?: AsyncIterable<unknown>;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Absent where nobody can be asked: in scripts and in CI. */
  readonly terminal?: Terminal;
  readonly env: Environment;
  /** The project's folder. */
  readonly cwd: string;
  /** Calls `listener` whenever somebody asks the process to stop (Ctrl-C, SIGTERM, SIGHUP). Answers how to unsubscribe. */
  onStopRequest(listener: () => void): () => void;
  /** Asks the system to show an address; absent where nobody would see it. True when it was asked. */
  openBrowser?(url: string): boolean;
  /** Sets variables where the app's own modules read them. */
  setEnvironment(values: Environment): void;
}
