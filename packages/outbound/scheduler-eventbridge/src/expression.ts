import type { Schedule } from '@tenon/core';
import {
  DAYS,
  DAYS_OF_MONTH,
  DAYS_OF_WEEK,
  fieldText,
  fieldValues,
  HOURS,
  MINUTES,
  MONTHS_OF_YEAR,
} from './cron-fields.js';

/** When a schedule is due, as EventBridge Scheduler reads it. */
export interface Expression {
  readonly text: string;
  readonly timeZone: string;
  /** A time that times are counted from; null where the expression says all. */
  readonly phase: Date | null;
  readonly once: boolean;
}

/** An expression, or why there is none. */
export type Translation = { readonly expression: Expression } | { readonly refusal: string };

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** EventBridge Scheduler takes expressions of 256 characters. */
const MAX_CHARS = 256;

const refuse = (refusal: string): Translation => ({ refusal });
const isAny = (field: string): boolean => field === '*' || field === '?';

/** The day fields, of which EventBridge takes one. */
function dayFields(dayOfMonth: string, dayOfWeek: string): [string, string] | string {
  if (!isAny(dayOfMonth) && !isAny(dayOfWeek))
    return 'EventBridge takes a day of the month or a day of the week, not both';
  if (!isAny(dayOfWeek)) {
    const days = fieldValues(dayOfWeek, DAYS_OF_WEEK);
    if (days === null) return `its day of the week is '${dayOfWeek}'`;
    return ['?', days.length === DAYS.length ? '*' : days.map((day) => DAYS[day]).join(',')];
  }
  if (isAny(dayOfMonth)) return ['*', '?'];
  const days = fieldValues(dayOfMonth, DAYS_OF_MONTH);
  return days === null
    ? `its day of the month is '${dayOfMonth}'`
    : [fieldText(days, DAYS_OF_MONTH), '?'];
}

/** Translates `minute hour day month weekday`, or six fields with second 0 first, into `cron(…)`. */
export function translateCron(cron: string, timeZone: string): Translation {
  const given = cron.trim().split(/\s+/);
  if (given.length !== 5 && given.length !== 6) return refuse(`its form is '${cron}'`);
  const [seconds = '0', ...fields] = given.length === 6 ? given : ['0', ...given];
  if (!/^0{1,2}$/.test(seconds)) return refuse('EventBridge wakes at full minutes alone');
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields;
  const minutes = fieldValues(minute, MINUTES);
  const hours = fieldValues(hour, HOURS);
  const months = fieldValues(month, MONTHS_OF_YEAR);
  if (!minutes || !hours || !months) return refuse(`its expression is '${cron}'`);
  const days = dayFields(dayOfMonth, dayOfWeek);
  if (typeof days === 'string') return refuse(days);
  const [ofMonth, ofWeek] = days;
  const parts = [
    fieldText(minutes, MINUTES),
    fieldText(hours, HOURS),
    ofMonth,
    fieldText(months, MONTHS_OF_YEAR),
    ofWeek,
    '*',
  ];
  const text = `cron(${parts.join(' ')})`;
  if (text.length > MAX_CHARS)
    return refuse(`its expression has more than ${MAX_CHARS} characters`);
  return { expression: { text, timeZone, phase: null, once: false } };
}

const UNITS = [
  ['day', 24 * 60],
  ['hour', 60],
  ['minute', 1],
] as const;

function translateEvery(everyMs: number, phase: Date | null): Translation {
  if (everyMs % MINUTE_MS !== 0) return refuse('EventBridge wakes at full minutes alone');
  const minutes = everyMs / MINUTE_MS;
  const [unit, size] = UNITS.find(([, each]) => minutes % each === 0) ?? ['minute', 1];
  const count = minutes / size;
  const text = `rate(${count} ${unit}${count === 1 ? '' : 's'})`;
  return { expression: { text, timeZone: 'UTC', phase, once: false } };
}

function translateOnce(at: Date, now: Date): Translation {
  // Not before the moment: what fires too early finds nothing due.
  const second = new Date(Math.ceil(at.getTime() / SECOND_MS) * SECOND_MS);
  if (second <= now) return refuse('its time is over');
  const text = `at(${second.toISOString().slice(0, 19)})`;
  return { expression: { text, timeZone: 'UTC', phase: null, once: true } };
}

/** Translates when a schedule is due. */
export function translate(
  schedule: Pick<Schedule, 'kind' | 'cron' | 'timeZone' | 'everyMs' | 'runAt'>,
  now: Date,
): Translation {
  const { kind, cron, timeZone, everyMs, runAt } = schedule;
  if (kind === 'cron' && cron !== null) return translateCron(cron, timeZone);
  if (kind === 'every' && everyMs !== null) return translateEvery(everyMs, runAt);
  if (kind === 'once' && runAt !== null) return translateOnce(runAt, now);
  return refuse(`nothing says when it is due`);
}
