import { checkField, type Value } from './filter.js';

/** What is written into a field. Lists and structures are written as they are; they never are operators. */
export type Stored = Value | readonly Value[] | readonly Readonly<Record<string, Value>>[];

/** Fields of a row by their names in the catalogue. Undefined members are left out. */
export type Fields = Readonly<Record<string, Stored | undefined>>;

/** A change that the server makes field by field. */
export interface Change {
  readonly set?: Fields;
  readonly add?: Readonly<Record<string, number | bigint>>;
  /** Moves a field forward, never back. */
  readonly raise?: Readonly<Record<string, Value>>;
  /** Only when the statement inserts the row. */
  readonly onInsert?: Fields;
}

/** A change whose values the server computes from the row as it is: expressions of the aggregation language by field. */
export class Computed {
  constructor(readonly stages: readonly Readonly<Record<string, unknown>>[]) {}
}

/** A value in an expression, never read as one. */
export function literal(value: unknown): { readonly $literal: unknown } {
  return { $literal: value };
}

/** An update as the driver takes it. */
export type DriverUpdate = Record<string, unknown> | Record<string, unknown>[];

type NameOf = (field: string) => string;

function renamed(fields: object, nameOf: NameOf): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) named[nameOf(checkField(field))] = value;
  }
  return named;
}

/** Turns a change into the driver's form; `nameOf` refuses fields that no change may touch. */
export function compileChange(change: Change | Computed, nameOf: NameOf): DriverUpdate {
  if (change instanceof Computed) {
    return change.stages.map((stage) => ({ $set: renamed(stage, nameOf) }));
  }
  const update: Record<string, unknown> = {};
  const parts = { $set: change.set, $inc: change.add, $max: change.raise };
  for (const [operator, fields] of Object.entries(parts)) {
    if (fields && Object.keys(fields).length > 0) update[operator] = renamed(fields, nameOf);
  }
  if (change.onInsert) update['$setOnInsert'] = renamed(change.onInsert, nameOf);
  return update;
}

/** The update, and one more field that it writes. */
export function withMark(
  update: DriverUpdate,
  mark: Readonly<Record<string, string>>,
): DriverUpdate {
  if (Object.keys(mark).length === 0) return update;
  if (Array.isArray(update)) return [...update, { $set: mark }];
  return { ...update, $set: { ...(update['$set'] as object | undefined), ...mark } };
}
