import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildFunctions } from '../build/build-functions.js';
import { functionEntries } from '../build/function-entries.js';
import { entrySizes, parseSize, sizeText } from '../build/size-report.js';
import type { EntrySize } from '../build/size-report.js';
import { AppError, UsageError } from '../cli.errors.js';
import { defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { textFlag } from '../flags.js';
import type { Flag } from '../flags.js';
import type { Io } from '../io.js';
import { titledTable, writeJson } from '../operate/paging.js';

const EXPECTS = 'a size such as 900kb or 5mb';
const SHOWN = 3;

const budgetFlag: Flag<number | null> = {
  kind: 'value',
  placeholder: 'SIZE',
  summary: 'Fail when a function is larger (default: tenon.build.budget of package.json)',
  fallback: null,
  expects: EXPECTS,
  parse: parseSize,
};

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
    throw new UsageError(`tenon.build.budget of package.json must be ${EXPECTS}`);
  return bytes;
}

function largestText({ largest }: EntrySize): string {
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

function report(io: Io, sizes: readonly EntrySize[]): string {
  return titledTable(io, sizes, [
    ['FUNCTION', ({ name }) => name],
    ['SIZE', ({ bytes }) => sizeText(bytes)],
    ['GZIPPED', ({ zippedBytes }) => sizeText(zippedBytes)],
    ['AT START', ({ startBytes }) => sizeText(startBytes)],
    ['LARGEST', largestText],
  ]);
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

/** `tenon build`. */
export const buildCommand = defineCommand({
  name: 'build',
  summary: 'Bundle the functions of src/handlers and src/workers for AWS Lambda',
  flags: {
    out: textFlag('DIR', 'Where the bundles go (default: dist/functions)'),
    budget: budgetFlag,
    json: jsonFlag,
  },
  run: async (flags, io) => {
    const { cwd } = io;
    const outdir = outputFolder(cwd, flags.out ?? 'dist/functions');
    const budget = budgetOf(cwd, flags.budget);
    let sizes: EntrySize[] = [];
    const entries = functionEntries(cwd);
    await buildFunctions({
      cwd,
      entryPoints: Object.fromEntries(entries.map(({ name, module }) => [name, module])),
      outdir,
      check: (built) => {
        sizes = entrySizes(
          built,
          entries.map(({ name }) => name),
        );
        requireWithin(sizes, budget);
      },
    });
    if (flags.json) writeJson(io, { outdir, budget, functions: sizes });
    else io.stdout.write(report(io, sizes));
    return exitCodes.ok;
  },
});
