import { MAX_PAGE_LIMIT } from '@tenon/core';
import type { Page, PageRequest } from '@tenon/core';
import { textFlag, wholeFlag } from '../flags.js';
import type { Io } from '../io.js';
import { redact } from '../text/redact.js';
import { styleOf } from '../text/style.js';
import { table } from '../text/table.js';

/** The flags of every command that lists. */
export const pageFlags = {
  limit: wholeFlag('N', 'How many (default: 50)', { min: 1, max: MAX_PAGE_LIMIT }),
  after: textFlag('CURSOR', 'Go on where the list before ended'),
};

/** The page that {@link pageFlags} ask for. */
export function pageRequest(flags: {
  readonly limit: number | null;
  readonly after: string | null;
}): PageRequest {
  return {
    ...(flags.limit !== null && { limit: flags.limit }),
    ...(flags.after !== null && { cursor: flags.after }),
  };
}

/** One column of a list: its title, and what it shows of an item. */
export type Column<T> = readonly [title: string, cell: (item: T) => string];

/** A moment in a cell: ISO 8601, or a dash. */
export function timeCell(moment: Date | null): string {
  return moment === null ? '-' : moment.toISOString();
}

/** What was asked for, for programs. */
export function writeJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Rows under titles. Control characters of stored text must not reach the terminal. */
export function titledTable<T>(io: Io, items: readonly T[], columns: readonly Column<T>[]): string {
  const { dim } = styleOf(io.stdout, io.env);
  const plain = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');
  const titles = columns.map(([title]) => dim(title));
  const rows = items.map((item) => columns.map(([, cell]) => plain(cell(item))));
  return table([titles, ...rows]);
}

/** How a page is written. */
export interface PageText<T> {
  readonly json: boolean;
  /** What is listed, in the plural: `runs`. */
  readonly what: string;
  readonly columns: readonly Column<T>[];
}

/** Writes one page: a table for people, `{ items, nextCursor }` for programs. How to go on goes to standard error. */
export function writePage<T>(io: Io, page: Page<T>, { json, what, columns }: PageText<T>): void {
  if (json) {
    writeJson(io, page);
    return;
  }
  if (page.items.length === 0) io.stderr.write(`No ${what}.\n`);
  else io.stdout.write(redact(titledTable(io, page.items, columns), io.env));
  if (page.nextCursor !== null) io.stderr.write(`There are more: --after ${page.nextCursor}\n`);
}
