export { runCli } from './cli.js';
export type { Command } from './command.js';
export type { ExitCode } from './exit-code.js';
export type { Flag, Flags } from './flags.js';
export type { Io, TextOutput } from './io.js';
export { processIo } from './process-io.js';
