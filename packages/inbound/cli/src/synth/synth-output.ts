import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../cli.errors.js';

/** Texts by the path they go to, from the project's folder. */
export type SynthFiles = ReadonlyMap<string, string>;

function stateOf(file: string, text: string): string | null {
  if (!existsSync(file)) return 'is missing';
  const found = readFileSync(file, 'utf8').split('\n');
  const wanted = text.split('\n');
  const line = wanted.findIndex((each, index) => each !== found[index]);
  if (line >= 0) return `differs from line ${line + 1}`;
  return found.length === wanted.length ? null : `differs from line ${wanted.length + 1}`;
}

/** @throws AppError `APP_INVALID` naming the files that are not what the app's definition makes. */
export function requireSame(cwd: string, files: SynthFiles): void {
  const wrong = [...files].flatMap(([path, text]) => {
    const state = stateOf(join(cwd, path), text);
    return state === null ? [] : [`${path} ${state}`];
  });
  if (wrong.length === 0) return;
  throw new AppError(
    'APP_INVALID',
    `Not what the app is now: ${wrong.join('; ')}. Write it anew with tenon synth, without --check`,
  );
}

/** Writes all files, or none: each is written beside its place and moved there when all are whole. */
export async function writeFiles(cwd: string, files: SynthFiles): Promise<void> {
  const unfinished: (readonly [from: string, to: string])[] = [];
  try {
    for (const [path, text] of files) {
      const file = join(cwd, path);
      const beside = `${file}.${process.pid}.tmp`;
      await mkdir(dirname(file), { recursive: true });
      unfinished.push([beside, file]);
      await writeFile(beside, text);
    }
    for (const [from, to] of unfinished) await rename(from, to);
  } finally {
    for (const [from] of unfinished) await rm(from, { force: true });
  }
}
