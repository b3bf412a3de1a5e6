import type { ExitCode } from './exit-code.js';
import { switchFlag, textFlag } from './flags.js';
import type { Flags, FlagValues } from './flags.js';
import type { Io } from './io.js';
import type { Words, WordValues } from './words.js';

/** Flags that every command has. */
export const globalFlags = {
  help: switchFlag('Show this help'),
  version: switchFlag('Show the version'),
  debug: switchFlag('Show stack traces of errors'),
};

/** The flag of every command that needs the app. */
export const appFlag = textFlag('PATH', 'Module that exports the app (default: src/app.ts, …)');

/** The flag of every command that can answer to programs. */
export const jsonFlag = switchFlag('Answer as JSON');

/** What the flags of every command ask of a command itself. */
export interface CliSettings {
  /** Whether stack traces are shown. */
  readonly debug: boolean;
}

/** One command. Its values fit its words and flags. */
export interface Command {
  /** The words that call it: `migrate status`. */
  readonly name: string;
  readonly summary: string;
  /** What follows the name: `ID`. */
  readonly words: Words;
  readonly flags: Flags;
  run(values: Readonly<Record<string, unknown>>, io: Io, settings: CliSettings): Promise<ExitCode>;
}

// Without words, none are given.
type NoWords = Record<never, never>;

/** Describes a command, with its values typed by its words and flags. */
export function defineCommand<const F extends Flags, const W extends Words = NoWords>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly words?: W;
  readonly flags: F;
  run(values: FlagValues<F> & WordValues<W>, io: Io, settings: CliSettings): Promise<ExitCode>;
}): Command {
  return {
    ...definition,
    words: definition.words ?? {},
    run: (values, io, settings) =>
      definition.run(values as FlagValues<F> & WordValues<W>, io, settings),
  };
}
