import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { FolderError } from './cli.errors.js';

const REFUSALS = /^E(ACCES|PERM|ROFS|NOSPC|NOTDIR|EXIST)$/;

/** What stands against writing to a folder, in words; any other error as it is. */
export function writeProblem(folder: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !REFUSALS.test(code)) return error;
  return new FolderError(`${folder} cannot be written (${code})`, error);
}

/** Makes a folder if it is missing. @throws FolderError `FOLDER_NOT_WRITABLE`. */
export async function requireWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw writeProblem(folder, error);
  }
}
