import { MisconfiguredError } from '@tenon/core';

/** From the least important to nothing at all. */
const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** The least important lines that are written. */
export type LogLevel = (typeof LEVELS)[number];

/** A level that lines have. */
export type LineLevel = Exclude<LogLevel, 'silent'>;

/** Whether a logger that writes from `from` on writes a line of `level`. */
export function isWritten(level: LineLevel, from: LogLevel): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(from);
}

/** @throws MisconfiguredError for what is no level. */
export function checkLevel(where: string, level: LogLevel): void {
  if (LEVELS.includes(level)) return;
  throw new MisconfiguredError(`${where}: level '${level}' is none of ${LEVELS.join(', ')}`);
}
