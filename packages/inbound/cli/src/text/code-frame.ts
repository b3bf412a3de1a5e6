import { readFileSync } from 'node:fs';

/** A place in a source file; line and column count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const AROUND = 1;
const MAX_WIDTH = 160;

function numbered(numbers: readonly number[], lines: readonly string[]): string[] {
  const width = String(numbers.at(-1) ?? 0).length;
  return numbers.map((number) => {
    const text = (lines[number - 1] ?? '').replaceAll('\t', ' ').slice(0, MAX_WIDTH);
    return `    ${String(number).padStart(width)} | ${text}`.trimEnd();
  });
}

/** The lines around a place, with a mark below it; nothing when the file cannot be read or has no such line. */
export function codeFrame({ file, line, column }: SourcePlace): string {
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return '';
  }
  if (line < 1 || line > lines.length) return '';
  const first = Math.max(1, line - AROUND);
  const last = Math.min(lines.length, line + AROUND);
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const shown = numbered(numbers, lines);
  const gutter = ' '.repeat(String(last).length);
  const mark = `    ${gutter} | ${' '.repeat(Math.min(column, MAX_WIDTH) - 1)}^`;
  shown.splice(line - first + 1, 0, mark);
  return shown.join('\n');
}
