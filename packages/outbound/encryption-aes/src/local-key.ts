import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generateKey } from './key-ring.js';

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Puts a file there with its whole content, or leaves the one that came first. */
function placeOnce(path: string, content: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

/** The key in `path`, made on first use, readable by its owner alone. Processes that start at once get the same. */
export function localKey(path: string): string {
  const known = read(path);
  if (known !== null) return known;
  mkdirSync(dirname(path), { recursive: true });
  placeOnce(path, `${generateKey()}\n`);
  return readFileSync(path, 'utf8').trim();
}
