import { styleText } from 'node:util';
import type { Io, TextOutput } from '../io.js';

/** Colours, or nothing when the output is no terminal or `NO_COLOR` is set. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** The style for one output of a command. */
export function styleOf(output: TextOutput, env: Io['env']): Style {
  const coloured = output.isTTY === true && (env['NO_COLOR'] ?? '') === '';
  const paint = (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow') => (text: string) =>
    coloured ? styleText(format, text) : text;
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
  };
}
