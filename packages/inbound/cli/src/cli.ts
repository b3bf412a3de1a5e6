import { hasCode, nearestName } from '@tenon/core';
import { UsageError } from './cli.errors.js';
import { globalFlags } from './command.js';
import type { Command } from './command.js';
import { commands as allCommands } from './commands/commands.js';
import { exitCodes } from './exit-code.js';
import type { ExitCode } from './exit-code.js';
import { parseFlags } from './flags.js';
import { commandHelp, overview } from './help.js';
import type { Io } from './io.js';
import { errorText, toErrorReport } from './text/error-text.js';
import { redact } from './text/redact.js';
import { styleOf } from './text/style.js';
import { version } from './version.js';
import { takeWords } from './words.js';

interface Call {
  readonly words: readonly string[];
  readonly rest: readonly string[];
}

/** Takes words as long as some command goes on with them; global flags may stand before and between. */
function splitWords(argv: readonly string[], commands: readonly Command[]): Call {
  const words: string[] = [];
  const before: string[] = [];
  const isPart = (text: string): boolean =>
    commands.some(({ name }) => `${name} `.startsWith(`${[...words, text].join(' ')} `));
  for (const [index, arg] of argv.entries()) {
    if (arg.startsWith('-') && Object.hasOwn(globalFlags, arg.replace(/^--/, ''))) before.push(arg);
    else if (!arg.startsWith('-') && isPart(arg)) words.push(arg);
    else return { words, rest: [...before, ...argv.slice(index)] };
  }
  return { words, rest: before };
}

function unknownCommand({ words, rest }: Call, commands: readonly Command[]): UsageError {
  const further = rest.filter((arg) => !arg.startsWith('-')).slice(0, 2 - words.length);
  const called = [...words, ...further].join(' ');
  const names = commands.map(({ name }) => name);
  if (further.length === 0 && words.length > 0) {
    const fitting = names.filter((name) => name.startsWith(`${called} `));
    return new UsageError(`'tenon ${called}' needs one more word: ${fitting.join(', ')}`);
  }
  // First words also count: what follows a mistyped one may be anything.
  const known = [...names, ...names.map((name) => name.replace(/ .*/, ''))];
  const nearest = nearestName(called, known) ?? nearestName(further[0] ?? '', known);
  const hint = nearest ? `did you mean '${nearest}'?` : `commands: ${names.join(', ')}`;
  return new UsageError(`There is no command '${called}'; ${hint}`);
}

function helpFor({ words }: Call, commands: readonly Command[]): string {
  const called = words.join(' ');
  const exact = commands.find(({ name }) => name === called);
  if (exact) return commandHelp(exact);
  return overview(commands.filter(({ name }) => `${name} `.startsWith(called)));
}

async function dispatch(
  argv: readonly string[],
  io: Io,
  commands: readonly Command[],
): Promise<ExitCode> {
  const asksHelp = argv[0] === 'help';
  const call = splitWords(asksHelp ? argv.slice(1) : argv, commands);
  const command = commands.find(({ name }) => name === call.words.join(' '));
  const own = command?.flags ?? {};
  const misspelt = !command && call.rest.some((arg) => !arg.startsWith('-'));
  if (misspelt) throw unknownCommand(call, commands);
  const { flags: values, words } = parseFlags<typeof own & typeof globalFlags>(
    { ...own, ...globalFlags },
    call.rest,
  );
  if (values.version) {
    io.stdout.write(`${version()}\n`);
  } else if (values.help || asksHelp) {
    io.stdout.write(helpFor(call, commands));
  } else if (command) {
    const named = takeWords(command.words, words);
    return await command.run({ ...values, ...named }, io, { debug: values.debug });
  } else if (call.words.length > 0) {
    throw unknownCommand(call, commands);
  } else {
    io.stderr.write(overview(commands));
    return exitCodes.usage;
  }
  return exitCodes.ok;
}

/**
 * Runs one command line: what follows `tenon`. Never throws; failures are written to `io.stderr`.
 * Answers the exit code: 0 done, 1 failed, 2 called wrongly.
 */
export async function runCli(
  argv: readonly string[],
  io: Io,
  commands: readonly Command[] = allCommands,
): Promise<ExitCode> {
  try {
    return await dispatch(argv, io, commands);
  } catch (error) {
    const text = errorText(toErrorReport(error), argv.includes('--debug'));
    const mark = styleOf(io.stderr, io.env).red('✗');
    io.stderr.write(redact(`${mark} ${text}\n`, io.env));
    return hasCode(error, 'USAGE') ? exitCodes.usage : exitCodes.failed;
  }
}
