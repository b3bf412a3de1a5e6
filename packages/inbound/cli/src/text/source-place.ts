import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourcePlace } from './code-frame.js';

const PLACE = /((?:file:\/\/)?\/[^()]*?|[A-Z]:\\[^()]*?):(\d+):(\d+)\)?$/i;

/** The first place of a stack that is below a folder and not of a package. */
export function sourcePlace(stack: string, folder: string): SourcePlace | null {
  for (const frame of stack.split('\n').filter((line) => /^\s+at /.test(line))) {
    const [, address = '', line, column] = PLACE.exec(frame) ?? [];
    const file = address.startsWith('file://') ? fileURLToPath(address) : address;
    const path = relative(folder, file);
    const own = file !== '' && !path.startsWith('..') && !isAbsolute(path);
    if (own && !path.includes('node_modules')) {
      return { file, line: Number(line), column: Number(column) };
    }
  }
  return null;
}

/** A place for people: `src/app.ts:3:5`. */
export function placeName({ file, line, column }: SourcePlace, folder: string): string {
  return `${relative(folder, file)}:${line}:${column}`;
}
