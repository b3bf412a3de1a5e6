import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ProjectError, StoppedError } from '../cli.errors.js';
import type { ProjectFiles } from './project-files.js';

const SHOWN = 5;

/** @throws ProjectError naming what is in the way. */
export function requireFreeFolder(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) {
    throw new ProjectError(`${folder} is a file; name a folder that does not exist or is empty`);
  }
  const names = readdirSync(folder).sort();
  if (names.length === 0) return;
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  throw new ProjectError(
    `${folder} is not empty: ${names.slice(0, SHOWN).join(', ')}${more}; nothing is overwritten, name another folder`,
  );
}

async function writeAll(folder: string, files: ProjectFiles, stopped: () => boolean) {
  for (const [path, text] of files) {
    if (stopped()) throw new StoppedError('Stopped; nothing was left behind');
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    // Keys are the owner's alone.
    await writeFile(file, text, { flag: 'wx', mode: path === '.env' ? 0o600 : 0o666 });
  }
}

/** Puts what was made into its place. A folder that exists is empty, and stays: somebody may stand in it. */
async function moveInto(made: string, folder: string): Promise<void> {
  if (!existsSync(folder)) {
    await rename(made, folder);
    return;
  }
  requireFreeFolder(folder);
  const moved: string[] = [];
  try {
    for (const name of await readdir(made)) {
      await rename(join(made, name), join(folder, name));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved) await rm(join(folder, name), { recursive: true, force: true });
    throw error;
  }
  await rmdir(made);
}

function notWritable(folder: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^E(ACCES|PERM|ROFS|NOSPC|NOTDIR)$/.test(code)) return error;
  return new ProjectError(`${folder} cannot be written (${code}); nothing was left behind`, error);
}

/**
 * Writes a project beside its place and moves it there when it is whole: a folder has all of it or nothing.
 * @throws ProjectError, StoppedError.
 */
export async function writeProject(
  folder: string,
  files: ProjectFiles,
  stopped: () => boolean,
): Promise<void> {
  requireFreeFolder(folder);
  const parent = dirname(folder);
  let made: string | null = null;
  const createdParent = await mkdir(parent, { recursive: true }).catch((error: unknown) => {
    throw notWritable(parent, error);
  });
  try {
    made = await mkdtemp(join(parent, `.${basename(folder)}-`));
    await writeAll(made, files, stopped);
    await moveInto(made, folder);
  } catch (error) {
    if (made !== null) await rm(made, { recursive: true, force: true });
    if (createdParent !== undefined) await rm(createdParent, { recursive: true, force: true });
    throw notWritable(folder, error);
  }
}
