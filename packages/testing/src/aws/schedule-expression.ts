import { AwsFault } from './aws-fault.js';

/** When a schedule of the fake wakes its target. */
export interface ExpressionTimes {
  /** Whether it does at this full minute (or, for `at`, at this second). */
  matches(moment: Date): boolean;
  readonly once: boolean;
}

const MINUTE_MS = 60_000;
const NAMES = [
  'JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC'.split(','),
  'SUN,MON,TUE,WED,THU,FRI,SAT'.split(','),
];

function wrong(expression: string): AwsFault {
  return new AwsFault('ValidationException', `Invalid Schedule Expression ${expression}.`);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(timeZone, format);
  return format;
}

/** Years, months, days and so on, as clocks of a time zone show them. */
function shown(moment: Date, timeZone: string): Record<string, number> {
  const format = formatOf(timeZone);
  const parts = format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]);
  const {
    year = 0,
    month = 1,
    day = 1,
    ...rest
  } = Object.fromEntries(parts) as Record<string, number>;
  // EventBridge counts days of the week from 1, Sunday.
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
  return { year, month, day, ...rest, weekday };
}

function numberOf(text: string, [min, max]: readonly [number, number]): number {
  const named = NAMES.map((names) => names.indexOf(text)).find((index) => index >= 0);
  const value = named === undefined ? Number(text) : named + 1;
  if (/^\d+$/.test(text) || named !== undefined) {
    if (value >= min && value <= max) return value;
  }
  throw wrong(text);
}

type Test = (value: number) => boolean;

/** The fields as the User Guide describes them: lists, ranges, increments, names; no `L`, `W` and `#`. */
function fieldTest(field: string, range: readonly [number, number]): Test {
  if (field === '*' || field === '?') return () => true;
  const tests = field.split(',').map((part): Test => {
    const [first = '', step] = part.split('/');
    if (step !== undefined) {
      const from = first === '*' ? range[0] : numberOf(first, range);
      const every = numberOf(step, [1, range[1]]);
      return (value) => value >= from && (value - from) % every === 0;
    }
    const [low = '', high = low] = first.split('-');
    const [from, to] = [numberOf(low, range), numberOf(high, range)];
    return (value) => value >= from && value <= to;
  });
  return (value) => tests.some((test) => test(value));
}

const FIELDS = [
  ['minute', [0, 59]],
  ['hour', [0, 23]],
  ['day', [1, 31]],
  ['month', [1, 12]],
  ['weekday', [1, 7]],
  ['year', [1970, 2199]],
] as const;

function cronTimes(expression: string, timeZone: string): ExpressionTimes {
  const fields = expression.slice(5, -1).split(' ');
  const [, , day, , weekday] = fields;
  // Exactly one of the two day fields says nothing.
  if (fields.length !== FIELDS.length || (day === '?') === (weekday === '?'))
    throw wrong(expression);
  const tests = FIELDS.map(
    ([name, range], index) => [name, fieldTest(fields[index] ?? '', range)] as const,
  );
  return {
    once: false,
    matches: (moment) => {
      const values = shown(moment, timeZone);
      return tests.every(([name, test]) => test(values[name] ?? -1));
    },
  };
}

/** Reads `cron(…)`, `rate(…)` and `at(…)`. @throws AwsFault `ValidationException`. */
export function expressionTimes(
  expression: string,
  { timeZone, start }: { readonly timeZone: string; readonly start: Date },
): ExpressionTimes {
  if (/^cron\(.+\)$/.test(expression)) return cronTimes(expression, timeZone);
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count !== undefined && unit !== undefined) {
    const minutes = { minute: 1, hour: 60, day: 1_440 }[unit] ?? 1;
    const everyMs = Number(count) * minutes * MINUTE_MS;
    const plural = expression.endsWith('s)');
    if (everyMs === 0 || plural !== (count !== '1')) throw wrong(expression);
    return {
      once: false,
      matches: (moment) => moment >= start && (moment.getTime() - start.getTime()) % everyMs === 0,
    };
  }
  const [, at] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  if (at === undefined) throw wrong(expression);
  const [date = '', time = ''] = at.split('T');
  return {
    once: true,
    matches: (moment) => {
      const {
        year = 0,
        month = 0,
        day = 0,
        hour = 0,
        minute = 0,
        second = 0,
      } = shown(moment, timeZone);
      const pad = (value: number): string => String(value).padStart(2, '0');
      return (
        date === `${year}-${pad(month)}-${pad(day)}` &&
        time === `${pad(hour)}:${pad(minute)}:${pad(second)}`
      );
    },
  };
}
