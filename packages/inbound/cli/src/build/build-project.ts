import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError, UsageError } from '../cli.errors.js';
import { buildFunctions } from './build-functions.js';
import { functionEntries } from './function-entries.js';
import { entrySizes, parseSize, sizeText } from './size-report.js';
import type { EntrySize } from './size-report.js';

/** What a right budget is, for messages. */
export const SIZE_EXPECTED = 'a size such as 900kb or 5mb';
const SHOWN = 3;

interface Manifest {
  readonly tenon?: { readonly build?: { readonly budget?: unknown } };
}

function budgetOf(cwd: string, given: number | null): number | null {
  const file = join(cwd, 'package.json');
  if (given !== null || !existsSync(file)) return given;
  const { tenon } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const budget = tenon?.build?.budget;
  if (budget === undefined) return null;
  const bytes = typeof budget === 'string' ? parseSize(budget) : undefined;
  if (bytes === undefined)
    throw new UsageError(`tenon.build.budget of package.json must be ${SIZE_EXPECTED}`);
  return bytes;
}

/** What weighs most in a function. */
export function largestText({ largest }: EntrySize): string {
  const shown = largest.slice(0, SHOWN);
  return shown.map(({ name, bytes }) => `${name} ${sizeText(bytes)}`).join(', ');
}

function requireWithin(sizes: readonly EntrySize[], budget: number | null): void {
  const over = sizes.filter(({ bytes }) => budget !== null && bytes > budget);
  if (over.length === 0) return;
  const each = over.map(
    (size) => `${size.name} has ${sizeText(size.bytes)}, most of it ${largestText(size)}`,
  );
  throw new AppError(
    'APP_BUILD_FAILED',
    `Over the budget of ${sizeText(budget ?? 0)}: ${each.join('; ')}. What was built before is still there`,
  );
}

/** What stands in the place of a build is replaced; that must not be somebody's work. */
function outputFolder(cwd: string, given: string): string {
  const outdir = resolve(cwd, given);
  const alien = existsSync(outdir)
    ? readdirSync(outdir).find((file) => !/\.mjs(\.map)?$/.test(file))
    : undefined;
  if (alien === undefined) return outdir;
  throw new UsageError(
    `--out must be a folder of its own: what is in it is replaced, and ${given} holds ${alien}, which no build made`,
  );
}

/** What was built, and where. */
export interface BuiltProject {
  readonly outdir: string;
  readonly budget: number | null;
  readonly sizes: readonly EntrySize[];
}

/**
 * Bundles the functions of a project.
 * @throws AppError `APP_BUILD_FAILED` also above the budget; UsageError when something else stands in the place.
 */
export async function buildProject(
  cwd: string,
  given: { readonly out: string | null; readonly budget: number | null },
): Promise<BuiltProject> {
  const outdir = outputFolder(cwd, given.out ?? 'dist/functions');
  const budget = budgetOf(cwd, given.budget);
  const entries = functionEntries(cwd);
  const names = entries.map(({ name }) => name);
  let sizes: EntrySize[] = [];
  await buildFunctions({
    cwd,
    entryPoints: Object.fromEntries(entries.map(({ name, module }) => [name, module])),
    outdir,
    check: (built) => {
      sizes = entrySizes(built, names);
      requireWithin(sizes, budget);
    },
  });
  return { outdir, budget, sizes };
}
