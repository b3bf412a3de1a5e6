import { openBrowser } from './connect/open-browser.js';
import type { Io } from './io.js';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The streams, environment, folder and signals of this process. */
export function processIo(): Io {
  const { stdin, stdout } = process;
  return {
    stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    ...(stdin.isTTY && stdout.isTTY && { terminal: { input: stdin, output: stdout }, openBrowser }),
    env: process.env,
    cwd: process.cwd(),
    onStopRequest: (listener) => {
      for (const signal of STOP_SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of STOP_SIGNALS) process.off(signal, listener);
      };
    },
    setEnvironment: (values) => {
      Object.assign(process.env, values);
    },
  };
}
