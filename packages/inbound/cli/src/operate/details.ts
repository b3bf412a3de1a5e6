import type { Io } from '../io.js';
import { redact } from '../text/redact.js';
import { styleOf } from '../text/style.js';
import { table } from '../text/table.js';
import { writeJson } from './paging.js';

function cellsOf(name: string, value: unknown): string[][] {
  if (value === undefined) return [];
  if (value instanceof Date) return [[name, value.toISOString()]];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [[name, text === 'null' ? '-' : text.replace(/\p{Cc}+/gu, ' ')]];
}

/** Writes one thing: a line per field for people, the thing itself for programs. */
export function writeDetails(io: Io, thing: object, json: boolean): void {
  if (json) {
    writeJson(io, thing);
    return;
  }
  const { dim } = styleOf(io.stdout, io.env);
  const rows = Object.entries(thing).flatMap(([name, value]) => cellsOf(name, value));
  io.stdout.write(redact(table(rows.map(([name = '', ...rest]) => [dim(name), ...rest])), io.env));
}
