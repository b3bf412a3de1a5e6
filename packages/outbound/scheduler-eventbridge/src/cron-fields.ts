/** The values that one field of a cron expression names; null for what only some readers of cron understand. */
export interface FieldRange {
  readonly min: number;
  readonly max: number;
  /** Names of values, from `min` on. */
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
export const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

export const MINUTES: FieldRange = { min: 0, max: 59 };
export const HOURS: FieldRange = { min: 0, max: 23 };
export const DAYS_OF_MONTH: FieldRange = { min: 1, max: 31 };
export const MONTHS_OF_YEAR: FieldRange = { min: 1, max: 12, names: MONTHS };
/** 7 is Sunday too. */
export const DAYS_OF_WEEK: FieldRange = { min: 0, max: 7, names: DAYS };

function valueOf(text: string, { min, max, names }: FieldRange): number | null {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + min;
  if (!/^\d{1,2}$/.test(text)) return null;
  const value = Number(text);
  return value >= min && value <= max ? value : null;
}

function partValues(part: string, range: FieldRange): readonly number[] | null {
  const [base = '', stepText, more] = part.split('/');
  const step = stepText === undefined ? 1 : Number(/^\d{1,2}$/.test(stepText) ? stepText : 0);
  if (step < 1 || more !== undefined) return null;
  const [first = '', last, beyond] = base.split('-');
  if (beyond !== undefined) return null;
  const any = base === '*';
  const from = any ? range.min : valueOf(first, range);
  const open = any || stepText !== undefined;
  const end = range === DAYS_OF_WEEK ? range.max - 1 : range.max;
  let to = last === undefined ? (open ? end : from) : valueOf(last, range);
  // Sunday ends a week as well as it begins one.
  if (range === DAYS_OF_WEEK && last !== undefined && to === 0 && (from ?? 0) > 0) to = 7;
  if (from === null || to === null || from > to) return null;
  const count = Math.floor((to - from) / step) + 1;
  return Array.from({ length: count }, (_, index) => from + index * step);
}

/** The values that a field names, in order; null when it is none that every reader of cron understands alike. */
export function fieldValues(field: string, range: FieldRange): readonly number[] | null {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const named = partValues(part, range);
    if (named === null) return null;
    for (const value of named) values.add(range === DAYS_OF_WEEK ? value % 7 : value);
  }
  return [...values].sort((a, b) => a - b);
}

/** A field of numbers, as short as it can be said. */
export function fieldText(values: readonly number[], { min, max }: FieldRange): string {
  const [first = min, second = first] = values;
  const last = values.at(-1) ?? first;
  const step = second - first;
  const even = values.every((value, index) => value === first + index * step);
  if (even && step === 1 && first === min && last === max) return '*';
  if (even && step === 1 && values.length > 2) return `${first}-${last}`;
  if (even && step > 1 && values.length > 2 && last + step > max) return `${first}/${step}`;
  return values.join(',');
}
