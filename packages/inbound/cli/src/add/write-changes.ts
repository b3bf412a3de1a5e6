import { constants } from 'node:fs';
import { access, chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AddError, StoppedError } from '../cli.errors.js';
import type { FileChange } from './workspace.js';

interface Prepared extends FileChange {
  readonly file: string;
  readonly unfinished: string;
}

async function currentText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes beside the place, with the rights of the file that is there. */
async function prepare({ file, unfinished, before, path, after }: Prepared): Promise<void> {
  if ((await currentText(file)) !== before) {
    throw new AddError('ADD_CONFLICT', `${path} changed meanwhile; add again. Nothing was written`);
  }
  if (before !== null) await access(file, constants.W_OK);
  await writeFile(unfinished, after, { flag: 'wx' });
  if (before !== null) await chmod(unfinished, (await stat(file)).mode);
}

async function takeBack({ file, before }: Prepared): Promise<void> {
  if (before === null) await rm(file, { force: true });
  else await writeFile(file, before);
}

async function moveAll(changes: readonly Prepared[]): Promise<void> {
  const moved: Prepared[] = [];
  try {
    for (const change of changes) {
      await rename(change.unfinished, change.file);
      moved.push(change);
    }
  } catch (error) {
    for (const change of moved) await takeBack(change);
    throw error;
  }
}

function notWritable(error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^E(ACCES|PERM|ROFS|NOSPC|NOTDIR|EXIST|ISDIR)$/.test(code))
    return error;
  return new AddError(
    'ADD_FAILED',
    `${path ?? 'A file'} cannot be written (${code}); nothing was changed`,
    error,
  );
}

/**
 * Makes all changes or none: everything is written beside its place first, then moved there.
 * @throws AddError, StoppedError.
 */
export async function writeChanges(
  cwd: string,
  changes: readonly FileChange[],
  stopped: () => boolean,
): Promise<void> {
  const prepared = changes.map((change) => {
    const file = join(cwd, change.path);
    return { ...change, file, unfinished: `${file}.${process.pid}.tmp` };
  });
  const folders: string[] = [];
  const written: string[] = [];
  try {
    for (const change of prepared) {
      if (stopped()) throw new StoppedError('Stopped; nothing was written');
      const made = await mkdir(dirname(change.file), { recursive: true });
      if (made !== undefined) folders.push(made);
      written.push(change.unfinished);
      await prepare(change);
    }
    await moveAll(prepared);
  } catch (error) {
    for (const file of written) await rm(file, { force: true });
    for (const folder of folders.reverse()) await rm(folder, { recursive: true, force: true });
    throw notWritable(error);
  }
}
