import { constants } from 'node:fs';
import { access, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseRecording } from '@tenon/core';
import type { Recording } from '@tenon/core';
import { UsageError } from '../cli.errors.js';
import type { Io } from '../io.js';

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}

/** Reads a recording. @throws UsageError, TenonError `RECORDING_INVALID`. */
export async function readRecording(io: Io, path: string): Promise<Recording> {
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, path), 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${codeOf(error)})`);
  }
  return parseRecording(text);
}

/** Says early that a recording could not be written: by then the job has run. @throws UsageError. */
export async function checkPlace(io: Io, path: string): Promise<void> {
  const file = resolve(io.cwd, path);
  try {
    await access(dirname(file), constants.W_OK);
    const there = await stat(file).catch(() => null);
    if (there?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (error) {
    throw new UsageError(`${path} cannot be written (${codeOf(error)}); nothing was run`);
  }
}

/** Writes a recording, all of it or none. */
export async function writeRecording(io: Io, path: string, text: string): Promise<void> {
  const file = resolve(io.cwd, path);
  const unfinished = `${file}.${process.pid}.part`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
