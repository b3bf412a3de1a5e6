import { UsageError } from './cli.errors.js';

/** A word that follows a command's name: the ID of `tenon runs show ID`. */
export interface Word<Optional extends boolean = boolean> {
  /** How help writes it: `ID`. */
  readonly placeholder: string;
  readonly summary: string;
  readonly optional: Optional;
}

/** The words of a command by name, in their order; optional ones come last. */
export type Words = Readonly<Record<string, Word>>;

/** The values of {@link Words}. */
export type WordValues<W extends Words> = {
  readonly [K in keyof W]: W[K] extends Word<false> ? string : string | null;
};

/** A word that the command needs. */
export function word(placeholder: string, summary: string): Word<false> {
  return { placeholder, summary, optional: false };
}

/** A word that may be left out; null then. */
export function optionalWord(placeholder: string, summary: string): Word<true> {
  return { placeholder, summary, optional: true };
}

/** How help writes the words of a command: `ID [NAME]`. */
export function wordUsage(words: Words): string {
  return Object.values(words)
    .map(({ placeholder, optional }) => (optional ? `[${placeholder}]` : placeholder))
    .join(' ');
}

/**
 * Gives words their names.
 * @throws UsageError when one is missing, empty or too many.
 */
export function takeWords<W extends Words>(words: W, given: readonly string[]): WordValues<W> {
  const wanted = Object.entries(words);
  const surplus = given[wanted.length];
  if (surplus !== undefined) throw new UsageError(`'${surplus}' is one word too many`);
  const values = wanted.map(([name, { placeholder, summary, optional }], index) => {
    const text = given[index];
    if (text !== undefined && text !== '') return [name, text];
    if (optional && text === undefined) return [name, null];
    throw new UsageError(`${placeholder} is missing: ${summary}`);
  });
  return Object.fromEntries(values) as WordValues<W>;
}
