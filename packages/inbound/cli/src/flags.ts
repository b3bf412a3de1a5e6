import { parseArgs } from 'node:util';
import { nearestName } from '@tenon/core';
import { UsageError } from './cli.errors.js';

/** A `--flag`. Switches take no value. */
export interface Flag<T> {
  readonly kind: 'switch' | 'value';
  /** How help writes the value: `PORT`. */
  readonly placeholder: string;
  readonly summary: string;
  /** The value when the flag is not given. */
  readonly fallback: T;
  /** What a right value is, for messages. */
  readonly expects: string;
  /** May be given several times; its values are joined. */
  readonly repeats?: boolean;
  /** Undefined when the text does not fit. */
  parse(text: string): T | undefined;
}

/** The flags of a command by name, without dashes. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** The parsed values of {@link Flags}. */
export type FlagValues<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never;
};

/** A flag that is on or off. */
export function switchFlag(summary: string): Flag<boolean> {
  return {
    kind: 'switch',
    placeholder: '',
    summary,
    fallback: false,
    expects: 'no value',
    parse: () => true,
  };
}

/** A flag with any text as value, null when it is not given. */
export function textFlag(placeholder: string, summary: string): Flag<string | null> {
  return {
    kind: 'value',
    placeholder,
    summary,
    fallback: null,
    expects: 'some text',
    parse: (text) => (text === '' ? undefined : text),
  };
}

/** A port of TCP, null when it is not given. */
export function portFlag(summary: string): Flag<number | null> {
  return {
    kind: 'value',
    placeholder: 'PORT',
    summary,
    fallback: null,
    expects: 'a whole number from 0 to 65535',
    parse: parsePort,
  };
}

/** An `https` address without a path, as its origin; null when it is not given. */
export function httpsOriginFlag(summary: string): Flag<string | null> {
  return {
    kind: 'value',
    placeholder: 'URL',
    summary,
    fallback: null,
    expects: 'an https address without a path, such as https://acme.tunnel.example',
    parse: (text) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      const bare = url?.pathname === '/' && `${url.search}${url.hash}${url.username}` === '';
      return url?.protocol === 'https:' && bare ? url.origin : undefined;
    },
  };
}

/** A whole number within bounds, null when it is not given. */
export function wholeFlag(
  placeholder: string,
  summary: string,
  bounds: { readonly min: number; readonly max: number },
): Flag<number | null> {
  const { min, max } = bounds;
  return {
    kind: 'value',
    placeholder,
    summary,
    fallback: null,
    expects: `a whole number from ${min} to ${max}`,
    parse: (text) => {
      const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** A moment in ISO 8601, null when it is not given. A date alone is its midnight, UTC. */
export function momentFlag(summary: string): Flag<Date | null> {
  return {
    kind: 'value',
    placeholder: 'TIME',
    summary,
    fallback: null,
    expects: 'a moment like 2026-05-06 or 2026-05-06T07:08:09Z',
    parse: (text) => {
      const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(
        text,
      );
      const moment = new Date(isIso ? text : NaN);
      return Number.isNaN(moment.getTime()) ? undefined : moment;
    },
  };
}

/** One of some words, null when it is not given. */
export function choiceFlag<const Choice extends string>(
  choices: readonly Choice[],
  summary: string,
): Flag<Choice | null> {
  return {
    kind: 'value',
    placeholder: choices.join('|'),
    summary,
    fallback: null,
    expects: `one of ${choices.join(', ')}`,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

/** Texts in the order in which they are given; none when the flag is not. */
export function textsFlag(placeholder: string, summary: string): Flag<readonly string[]> {
  return {
    kind: 'value',
    placeholder,
    summary,
    fallback: [],
    expects: 'some text',
    repeats: true,
    parse: (text) => [text],
  };
}

/** Values by name, as `NAME=VALUE`, in the order in which they are given. */
export function entriesFlag(
  placeholder: string,
  summary: string,
): Flag<readonly (readonly [name: string, value: string])[]> {
  return {
    kind: 'value',
    placeholder,
    summary,
    fallback: [],
    expects: `of the form ${placeholder}`,
    repeats: true,
    parse: (text) => {
      const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
      return name === undefined || value === undefined ? undefined : [[name, value]];
    },
  };
}

/** A port as a number, or undefined when the text is none. */
export function parsePort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function unknownFlag(token: OptionToken, known: readonly string[]): UsageError {
  const nearest = nearestName(token.name, known);
  const hint = nearest
    ? `did you mean --${nearest}?`
    : `known flags: ${known.map((name) => `--${name}`).join(', ')}`;
  return new UsageError(`There is no flag ${token.rawName}; ${hint}`);
}

function valueOf(token: OptionToken, flag: Flag<unknown>): unknown {
  const { rawName, value } = token;
  if (flag.kind === 'switch') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
    return true;
  }
  // A lone dash stands for standard input or output.
  const looksLikeFlag = token.inlineValue !== true && /^-./.test(value ?? '');
  if (value === undefined || looksLikeFlag) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.placeholder}`);
  }
  const parsed = flag.parse(value);
  if (parsed === undefined) {
    throw new UsageError(`${rawName} must be ${flag.expects}, not '${value.slice(0, 100)}'`);
  }
  return parsed;
}

/** How each flag of a command is written in short. */
const SHORT: Readonly<Record<string, string>> = { help: 'h', version: 'v' };

/** What follows a command's name, sorted: the values of its flags, and the words between them. */
export interface ParsedArguments<F extends Flags> {
  readonly flags: FlagValues<F>;
  readonly words: readonly string[];
}

/**
 * Reads what follows a command's name.
 * @throws UsageError `USAGE` naming the argument and what is right.
 */
export function parseFlags<F extends Flags>(flags: F, args: readonly string[]): ParsedArguments<F> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => {
      const type = flag.kind === 'switch' ? ('boolean' as const) : ('string' as const);
      const short = SHORT[name];
      return [name, { type, ...(short !== undefined && { short }) }];
    }),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, unknown>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (!flag) throw unknownFlag(token, Object.keys(flags));
    const before = values.get(token.name);
    if (before !== undefined && !flag.repeats)
      throw new UsageError(`${token.rawName} is given twice`);
    const value = valueOf(token, flag);
    values.set(token.name, flag.repeats ? [before ?? [], value].flat() : value);
  }
  const entries = Object.entries(flags).map(([name, flag]) => [
    name,
    values.has(name) ? values.get(name) : flag.fallback,
  ]);
  return { flags: Object.fromEntries(entries) as FlagValues<F>, words };
}
