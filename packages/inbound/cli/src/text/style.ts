import type { Io, TextOutput } from '../io.js';

/** Colours, or nothing when the output is no terminal or `NO_COLOR` is set. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] };

/** The style for one output of a command. */
export function styleOf(output: TextOutput, env: Io['env']): Style {
  const coloured = output.isTTY === true && (env['NO_COLOR'] ?? '') === '';
  const paint =
    ([on, off]: readonly number[]) =>
    (text: string) =>
      coloured ? `\u001b[${String(on)}m${text}\u001b[${String(off)}m` : text;
  return {
    bold: paint(CODES.bold),
    dim: paint(CODES.dim),
    red: paint(CODES.red),
    green: paint(CODES.green),
    yellow: paint(CODES.yellow),
  };
}
