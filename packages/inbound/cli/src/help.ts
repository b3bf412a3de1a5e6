import { globalFlags } from './command.js';
import type { Command } from './command.js';
import type { Flags } from './flags.js';
import { table } from './text/table.js';

function flagRows(flags: Flags): string[][] {
  return Object.entries(flags).map(([name, { placeholder, summary }]) => [
    `  --${name}${placeholder ? ` ${placeholder}` : ''}`,
    summary,
  ]);
}

/** Help for one command. */
export function commandHelp(command: Command): string {
  const own = Object.keys(command.flags).length > 0;
  const flags = own ? `Flags\n${table(flagRows(command.flags))}\n` : '';
  return (
    `tenon ${command.name}${own ? ' [flags]' : ''}\n\n${command.summary}.\n\n` +
    `${flags}Everywhere\n${table(flagRows(globalFlags))}`
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
