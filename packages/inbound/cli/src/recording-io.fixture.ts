import type { Environment } from '@tenon/core';
import type { Io } from './io.js';

/** An {@link Io} that keeps what is written to it. */
export interface RecordingIo extends Io {
  readonly written: { stdout: string; stderr: string };
  /** Asks to stop, as a signal does. */
  requestStop(): void;
}

/** For tests of commands in this process. */
export function recordingIo(
  options: { readonly env?: Environment; readonly cwd?: string; readonly isTTY?: boolean } = {},
): RecordingIo {
  const written = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const isTTY = options.isTTY ?? false;
  return {
    written,
    stdout: { isTTY, write: (text) => (written.stdout += text) },
    stderr: { isTTY, write: (text) => (written.stderr += text) },
    env: options.env ?? {},
    cwd: options.cwd ?? '/nowhere',
    onStopRequest: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setEnvironment: () => undefined,
    requestStop: () => {
      for (const listener of listeners) listener();
    },
  };
}
