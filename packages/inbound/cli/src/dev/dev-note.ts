import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a running `tenon dev` leaves for the other commands of its project. */
export interface DevNote {
  readonly pid: number;
  /** Where it serves. */
  readonly url: string;
  /** Variables that point an app at its servers. Holds the database's password. */
  readonly environment: Readonly<Record<string, string>>;
}

function fileOf(cwd: string): string {
  return join(cwd, '.tenon', 'dev.json');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function parse(text: string): DevNote | null {
  try {
    const note = JSON.parse(text) as Partial<DevNote> | null;
    const { pid, url, environment } = note ?? {};
    if (typeof pid !== 'number' || typeof url !== 'string' || !environment) return null;
    return { pid, url, environment };
  } catch {
    return null;
  }
}

function read(cwd: string): DevNote | null {
  try {
    return parse(readFileSync(fileOf(cwd), 'utf8'));
  } catch {
    return null;
  }
}

/** Readable by its owner alone. */
export function writeDevNote(cwd: string, note: DevNote): void {
  const file = fileOf(cwd);
  mkdirSync(join(cwd, '.tenon'), { recursive: true });
  // A file that is there keeps its mode.
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(note), { mode: 0o600 });
}

/** Takes the note of this process away; that of another stays. */
export function removeDevNote(cwd: string, pid: number): void {
  if (read(cwd)?.pid === pid) rmSync(fileOf(cwd), { force: true });
}

/** The note of the `tenon dev` that runs in this folder; null when none does. */
export function readDevNote(cwd: string): DevNote | null {
  const note = read(cwd);
  return note && isAlive(note.pid) ? note : null;
}
