import type { LogFields, Logger } from '@tenon/core';
import type { Logger as Pino } from 'pino';
import type { LineLevel } from './log-level.js';
import { printableFields } from './printable-fields.js';

/** The logger port on pino. A child costs one object until it writes its first line. */
export class PinoLogger implements Logger {
  #pino: Pino | undefined;

  constructor(
    private readonly parent: () => Pino,
    private readonly fields: LogFields | null = null,
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

  child(fields: LogFields): Logger {
    return new PinoLogger(() => this.#bound(), fields);
  }

  #write(level: LineLevel, message: string, fields: LogFields | undefined): void {
    const parent = this.#pino ?? this.parent();
    if (!parent.isLevelEnabled(level)) return;
    try {
      this.#bound()[level](fields === undefined ? {} : printableFields(fields), message);
    } catch {
      // Logging never fails what it tells about; there is nobody left to tell.
    }
  }

  #bound(): Pino {
    return (this.#pino ??=
      this.fields === null ? this.parent() : this.parent().child(printableFields(this.fields)));
  }
}
