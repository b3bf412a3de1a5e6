import { TenonError } from '@tenon/core';

/** What a field is compared with. Objects and arrays are none: they could be read as operators. */
export type Value = string | number | bigint | boolean | Date | null;

/** A comparison other than equality. Only the functions below make them, so that input never becomes one. */
class Matcher {
  constructor(readonly operators: Readonly<Record<string, Value | readonly Value[]>>) {}
}

/** Fields of a row, by their names in the catalogue, all of which must match. Undefined members are left out. */
export interface Filter {
  readonly [field: string]: Value | Matcher | readonly Filter[] | undefined;
  /** At least one of these must match too. */
  readonly any?: readonly Filter[] | undefined;
}

/** A filter as the driver takes it. */
export type DriverFilter = Record<string, unknown>;

function unsafe(message: string): TenonError {
  return new TenonError({ code: 'UNSAFE_STATEMENT', category: 'internal', message });
}

function isValue(value: unknown): value is Value {
  if (value === null || value instanceof Date) return true;
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** @throws TenonError `UNSAFE_STATEMENT` for what is no plain value. */
export function checked<T>(value: T): T & Value {
  if (isValue(value)) return value;
  throw unsafe('Filters compare with text, numbers, flags, moments and null alone');
}

const matcher = (operator: string, value: Value): Matcher =>
  new Matcher({ [operator]: checked(value) });

export const below = (value: Value): Matcher => matcher('$lt', value);
export const upTo = (value: Value): Matcher => matcher('$lte', value);
export const above = (value: Value): Matcher => matcher('$gt', value);
export const not = (value: Value): Matcher => matcher('$ne', value);

export const from = (value: Value): Matcher => matcher('$gte', value);

/** From `first` on, and below `end`. */
export const between = (first: Value, end: Value): Matcher =>
  new Matcher({ $gte: checked(first), $lt: checked(end) });

/** Above `after`, and below `end`. */
export const afterUntil = (after: Value, end: Value): Matcher =>
  new Matcher({ $gt: checked(after), $lt: checked(end) });

/** Above `after`, from `first` on, and below `end`. */
export const afterWithin = (after: Value, first: Value, end: Value): Matcher =>
  new Matcher({ $gt: checked(after), $gte: checked(first), $lt: checked(end) });

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** JSON text with a member of this name and one of these ids as its value, at whatever depth. */
export const holding = (member: string, ids: readonly string[]): Matcher =>
  new Matcher({
    $regex: `${literally(JSON.stringify(member))}:"(${ids.map(literally).join('|')})"`,
  });

/** One of the values. */
export const among = (values: readonly Value[]): Matcher =>
  new Matcher({ $in: values.map(checked) });

const FIELD = /^_?[A-Za-z][A-Za-z0-9]*$/;

/** @throws TenonError `UNSAFE_STATEMENT` for a name that could be an operator or a path. */
export function checkField(name: string): string {
  if (FIELD.test(name)) return name;
  throw unsafe('A field of a statement has a name that no field has');
}

function condition(value: unknown): unknown {
  return value instanceof Matcher ? value.operators : checked(value);
}

/**
 * Turns a filter into the driver's form. `names` gives fields their names in the database, and refuses those that a filter
 * must not hold.
 * @throws TenonError `UNSAFE_STATEMENT`.
 */
export function compileFilter(filter: Filter, nameOf: (field: string) => string): DriverFilter {
  const compiled: DriverFilter = {};
  for (const [field, value] of Object.entries(filter)) {
    if (value === undefined) continue;
    if (field === 'any') {
      compiled['$or'] = (value as readonly Filter[]).map((each) => compileFilter(each, nameOf));
    } else compiled[nameOf(checkField(field))] = condition(value);
  }
  return compiled;
}
