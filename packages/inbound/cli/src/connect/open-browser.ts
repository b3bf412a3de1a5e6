import { spawn } from 'node:child_process';

const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Asks the system to show an address. True when it was asked; whether a window opened, nobody tells. */
export function openBrowser(url: string): boolean {
  // Only what a browser is for: openers also start programs.
  if (!/^https?:\/\//.test(url)) return false;
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  // Without a desktop there is no opener.
  child.on('error', () => undefined);
  child.unref();
  return child.pid !== undefined;
}
