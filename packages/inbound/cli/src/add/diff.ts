import { createTwoFilesPatch } from 'diff';
import type { Style } from '../text/style.js';
import type { FileChange } from './workspace.js';

const FILE_HEADER = /^(---|\+\+\+) /;

function paint(line: string, style: Style): string {
  if (FILE_HEADER.test(line)) return style.bold(line);
  if (line.startsWith('@@')) return style.dim(line);
  if (line.startsWith('+')) return style.green(line);
  return line.startsWith('-') ? style.red(line) : line;
}

function patchOf({ path, before, after }: FileChange): string {
  const from = before === null ? '/dev/null' : `a/${path}`;
  const options = { context: 3 };
  const patch = createTwoFilesPatch(from, `b/${path}`, before ?? '', after, '', '', options);
  // The line of equal signs that the library puts first is no part of a unified diff; nor are the tabs of absent dates.
  return patch.replace(/^=+\n/, '').replace(/^((?:---|\+\+\+) .*?)\t?$/gm, '$1');
}

/** The changes as one unified diff, which `git apply` and `patch -p1` take. */
export function unifiedDiff(changes: readonly FileChange[], style: Style): string {
  return changes
    .map(patchOf)
    .join('')
    .split('\n')
    .map((line) => paint(line, style))
    .join('\n');
}
