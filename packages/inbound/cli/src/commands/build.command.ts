import { buildProject, largestText, SIZE_EXPECTED } from '../build/build-project.js';
import { parseSize, sizeText } from '../build/size-report.js';
import type { EntrySize } from '../build/size-report.js';
import { defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { textFlag } from '../flags.js';
import type { Flag } from '../flags.js';
import type { Io } from '../io.js';
import { titledTable, writeJson } from '../operate/paging.js';

const budgetFlag: Flag<number | null> = {
  kind: 'value',
  placeholder: 'SIZE',
  summary: 'Fail when a function is larger (default: tenon.build.budget of package.json)',
  fallback: null,
  expects: SIZE_EXPECTED,
  parse: parseSize,
};

function report(io: Io, sizes: readonly EntrySize[]): string {
  return titledTable(io, sizes, [
    ['FUNCTION', ({ name }) => name],
    ['SIZE', ({ bytes }) => sizeText(bytes)],
    ['GZIPPED', ({ zippedBytes }) => sizeText(zippedBytes)],
    ['AT START', ({ startBytes }) => sizeText(startBytes)],
    ['LARGEST', largestText],
  ]);
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
    const { outdir, budget, sizes } = await buildProject(io.cwd, flags);
    if (flags.json) writeJson(io, { outdir, budget, functions: sizes });
    else io.stdout.write(report(io, sizes));
    return exitCodes.ok;
  },
});
