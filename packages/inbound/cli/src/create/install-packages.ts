import { spawn } from 'node:child_process';
import type { Io } from '../io.js';

/** Runs `npm install` in a folder; its text goes to standard error. Answers whether it succeeded. */
export function installPackages(folder: string, io: Io): Promise<boolean> {
  return new Promise((resolve) => {
    const npm = spawn('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: folder,
      env: { ...io.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd file on Windows.
      shell: process.platform === 'win32',
    });
    for (const output of [npm.stdout, npm.stderr]) {
      output.setEncoding('utf8').on('data', (text: string) => void io.stderr.write(text));
    }
    // A terminal tells npm too; a signal to this process alone does not.
    const release = io.onStopRequest(() => void npm.kill('SIGTERM'));
    const finish = (done: boolean): void => {
      release();
      resolve(done);
    };
    npm.once('error', () => {
      finish(false);
    });
    npm.once('close', (code) => {
      finish(code === 0);
    });
  });
}
