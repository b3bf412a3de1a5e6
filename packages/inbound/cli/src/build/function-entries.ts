import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../cli.errors.js';

/** What makes a module a function: it exports `handler`. */
const HANDLER = /^export (const|let|async function|function) handler\b|^export \{[^}]*\bhandler\b/m;

function modulesIn(cwd: string, folder: string): string[] {
  const path = join(cwd, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((file) => /\.(ts|js|mts|mjs)$/.test(file) && !/\.(test|d)\.\w+$/.test(file))
    .sort()
    .filter((file) => HANDLER.test(readFileSync(join(path, file), 'utf8')));
}

/** Lambda splits the name of a handler at its first dot. */
const nameOf = (file: string): string => file.replace(/\.\w+$/, '').replaceAll('.', '-');

/** A queue's worker: `src/workers/orders.fifo.ts` is `worker-orders-fifo`. */
export const workerName = (queue: string): string => `worker-${queue.replaceAll('.', '-')}`;

/** One function of a project. */
export interface FunctionEntry {
  readonly name: string;
  /** Path of its module, from the project's folder. */
  readonly module: string;
  /** The queue that it works on; null when it is no worker. */
  readonly queue: string | null;
}

function requireOneEach(entries: readonly FunctionEntry[]): void {
  const seen = new Map<string, string>();
  for (const { name, module } of entries) {
    const other = seen.get(name);
    if (other !== undefined) {
      throw new AppError(
        'APP_INVALID',
        `${other} and ${module} would both become the function '${name}'; rename one`,
      );
    }
    seen.set(name, module);
  }
}

/**
 * The functions of a project: `src/handlers/api.ts` is `api`, `src/workers/default.ts` is `worker-default`.
 * @throws AppError `APP_NOT_FOUND` when there is none, `APP_INVALID` when two have one name.
 */
export function functionEntries(cwd: string): readonly FunctionEntry[] {
  const entries = [
    ...modulesIn(cwd, 'src/handlers').map((file) => ({
      name: nameOf(file),
      module: `src/handlers/${file}`,
      queue: null,
    })),
    ...modulesIn(cwd, 'src/workers').map((file) => ({
      name: `worker-${nameOf(file)}`,
      module: `src/workers/${file}`,
      queue: file.replace(/\.\w+$/, ''),
    })),
  ];
  if (entries.length === 0) {
    throw new AppError(
      'APP_NOT_FOUND',
      `No function found in ${cwd}: looked for modules in src/handlers and src/workers that export 'handler'. ` +
        "A new app has them with 'tenon create --deployment serverless'",
    );
  }
  requireOneEach(entries);
  return entries;
}
