import { globalFlags } from './command.js';
import type { Command } from './command.js';
import type { Flags } from './flags.js';
import { table } from './text/table.js';
import { wordUsage } from './words.js';

function flagRows(flags: Flags): string[][] {
  return Object.entries(flags).map(([name, { placeholder, summary }]) => [
    `  --${name}${placeholder ? ` ${placeholder}` : ''}`,
    summary,
  ]);
}

/** Help for one command. */
export function commandHelp({ name, summary, words, flags }: Command): string {
  const own = Object.keys(flags).length > 0;
  const usage = [`tenon ${name}`, wordUsage(words), own ? '[flags]' : ''].filter(Boolean).join(' ');
  const wordRows = Object.values(words).map((each) => [`  ${each.placeholder}`, each.summary]);
  return (
    `${usage}\n\n${summary}.\n\n` +
    (wordRows.length > 0 ? `Words\n${table(wordRows)}\n` : '') +
    (own ? `Flags\n${table(flagRows(flags))}\n` : '') +
    `Everywhere\n${table(flagRows(globalFlags))}`
  );
}

/** Help for several commands: all, or those that begin with a word. */
export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return (
    'tenon <command> [flags]\n\n' +
    `Commands\n${table(rows)}\n` +
    `Everywhere\n${table(flagRows(globalFlags))}\n` +
    'tenon <command> --help shows the flags of a command.\n'
  );
}
