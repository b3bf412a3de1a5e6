import type { LogFields, Logger } from '@tenon/core';

const MAX_CAUSES = 5;

function plainError(error: Error, depth: number): LogFields {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    stack: error.stack,
    ...(error.cause instanceof Error &&
      depth < MAX_CAUSES && { cause: plainError(error.cause, depth + 1) }),
  };
}

function replace(_key: string, value: unknown): unknown {
  if (value instanceof Error) return plainError(value, 0);
  return typeof value === 'bigint' ? value.toString() : value;
}

function render(line: LogFields): string {
  try {
    return JSON.stringify(line, replace);
  } catch {
    return JSON.stringify({
      level: line['level'],
      message: line['message'],
      fields: 'unprintable',
    });
  }
}

/**
 * A logger for functions that are given none: one JSON object per line on standard error, which Lambda collects.
 * Debug lines are dropped.
 */
export function jsonLinesLogger(
  fields: LogFields = {},
  write: (line: string) => void = (line) => process.stderr.write(line),
): Logger {
  const log = (level: string, message: string, more: LogFields | undefined): void => {
    write(`${render({ level, message, time: new Date().toISOString(), ...fields, ...more })}\n`);
  };
  return {
    debug: () => undefined,
    info: (message, more) => log('info', message, more),
    warn: (message, more) => log('warn', message, more),
    error: (message, more) => log('error', message, more),
    child: (more) => jsonLinesLogger({ ...fields, ...more }, write),
  };
}
