import type { Style } from '../text/style.js';
import type { FileChange } from './workspace.js';

const FILE_HEADER = /^(---|\+\+\+) /;

function paint(line: string, style: Style): string {
  if (FILE_HEADER.test(line)) return style.bold(line);
  if (line.startsWith('@@')) return style.dim(line);
  if (line.startsWith('+')) return style.green(line);
  return line.startsWith('-') ? style.red(line) : line;
}

async function patchOf({ path, before, after }: FileChange): Promise<string> {
  // Loaded on first use: most commands show no changes.
  const { createTwoFilesPatch } = await import('diff');
  const from = before === null ? '/dev/null' : `a/${path}`;
  const options = { context: 3 };
  const patch = createTwoFilesPatch(from, `b/${path}`, before ?? '', after, '', '', options);
  // The line of equal signs that the library puts first is no part of a unified diff; nor are the tabs of absent dates.
  return patch.replace(/^=+\n/, '').replace(/^((?:---|\+\+\+) .*?)\t?$/gm, '$1');
}

/** The most lines of one file that are shown to people; generated sources have many more. */
const MAX_LINES = 400;
const SHOWN = 20;

function shortened(patch: string): string {
  const lines = patch.split('\n');
  if (lines.length <= MAX_LINES) return patch;
  return [...lines.slice(0, SHOWN), `… ${lines.length - SHOWN} more lines`, ''].join('\n');
}

/** The changes as one unified diff, which `git apply` and `patch -p1` take when it is whole. */
export async function unifiedDiff(
  changes: readonly FileChange[],
  { style, whole }: { readonly style: Style; readonly whole: boolean },
): Promise<string> {
  const patches = await Promise.all(changes.map(patchOf));
  return patches
    .map((patch) => (whole ? patch : shortened(patch)))
    .join('')
    .split('\n')
    .map((line) => paint(line, style))
    .join('\n');
}
