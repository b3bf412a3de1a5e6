import { columnName } from '@tenon/core';

/** The columns of a row in SQL, in one order everywhere. */
export interface Columns<Row> {
  readonly fields: readonly (keyof Row & string)[];
  /** For SELECT and RETURNING: `t.created_at AS "createdAt", …`. */
  readonly list: string;
  /** For INSERT: `(id, created_at) VALUES ($1, $2)`. */
  readonly insert: string;
  /** Parameters of {@link Columns.insert}. */
  values(row: Row): unknown[];
}

/** Describes the columns of `table`; 64-bit numbers in `numbers` are read as JavaScript numbers. */
export function columns<Row extends object>(
  table: string,
  fields: readonly (keyof Row & string)[],
  numbers: readonly (keyof Row & string)[] = [],
): Columns<Row> {
  const read = (field: keyof Row & string): string =>
    `${table}.${columnName(field)}${numbers.includes(field) ? '::float8' : ''} AS "${field}"`;
  const places = fields.map((_, index) => `$${index + 1}`).join(', ');
  return {
    fields,
    list: fields.map(read).join(', '),
    insert: `(${fields.map(columnName).join(', ')}) VALUES (${places})`,
    values: (row) => fields.map((field) => row[field]),
  };
}

/** `SET` of an update: `a = $<first>, b = $<first + 1>, …`. */
export function assignments(fields: readonly string[], first: number): string {
  return fields.map((field, index) => `${columnName(field)} = $${first + index}`).join(', ');
}
