import { validateOptions } from '@tenon/core';
import type { LogFields, Logger } from '@tenon/core';
import { checkLevel, isWritten, type LineLevel, type LogLevel } from './log-level.js';
import { printableFields } from './printable-fields.js';

/** Options of {@link createLineLogger}. */
export interface LineLoggerOptions {
  /** Default: `info`. */
  readonly level?: LogLevel;
  /** Gets whole lines; standard output by default, written at once. */
  readonly destination?: { write(line: string): void };
}

interface Output {
  readonly level: LogLevel;
  write(line: string): void;
}

class LineLogger implements Logger {
  constructor(
    private readonly output: Output,
    private readonly fields: () => Record<string, unknown>,
  ) {}

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  /** Costs one object until it writes its first line. */
  child(fields: LogFields): Logger {
    let bound: Record<string, unknown> | undefined;
    const all = (): Record<string, unknown> =>
      (bound ??= { ...this.fields(), ...printableFields(fields) });
    return new LineLogger(this.output, all);
  }

  #write(level: LineLevel, message: string, fields: LogFields | undefined): void {
    if (!isWritten(level, this.output.level)) return;
    try {
      const more = fields === undefined ? {} : printableFields(fields);
      const line = { level, time: new Date().toISOString(), ...this.fields(), ...more, message };
      this.output.write(`${JSON.stringify(line)}\n`);
    } catch {
      // Logging never fails what it tells about; there is nobody left to tell.
    }
  }
}

/**
 * The lines of {@link createPinoLogger} without pino, which takes longer to load than a function takes to start. Every line is
 * written before the call returns: a function that has answered may be frozen.
 *
 * @throws MisconfiguredError for unknown options and levels.
 */
export function createLineLogger(options: LineLoggerOptions = {}): Logger {
  const { level, destination } = validateOptions<
    Required<Pick<LineLoggerOptions, 'level'>> & Pick<LineLoggerOptions, 'destination'>
  >('createLineLogger', options, { defaults: { level: 'info' }, optional: ['destination'] });
  checkLevel('createLineLogger', level);
  const write = (line: string): void => {
    (destination ?? process.stdout).write(line);
  };
  return new LineLogger({ level, write }, () => ({}));
}
