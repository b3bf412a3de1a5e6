import { validateOptions } from '@tenon/core';
import type { Logger } from '@tenon/core';
import { pino, stdTimeFunctions, type DestinationStream } from 'pino';
import { checkLevel, type LogLevel } from './log-level.js';
import { PinoLogger } from './pino-logger.js';
import { prettyLine } from './pretty-line.js';

/** Options of {@link createPinoLogger}. */
export interface PinoLoggerOptions {
  /** Default: `info`. */
  readonly level?: LogLevel;
  /** Lines for people instead of JSON. Default: false. */
  readonly pretty?: boolean;
  /** Gets whole lines; standard output by default, written at once. */
  readonly destination?: { write(line: string): void };
}

/**
 * Logs JSON lines with `level`, `time` (ISO 8601), `message` and the fields. Secrets print as `[secret]`, errors with code,
 * category, stack and causes but nothing else of them; values under names such as `authorization` are left out.
 *
 * @example
 * const logger = createPinoLogger({ level: 'debug' });
 * logger.child({ tenantId }).info('Connected', { connector: 'crm' });
 *
 * @throws MisconfiguredError for unknown options and levels.
 */
export function createPinoLogger(options: PinoLoggerOptions = {}): Logger {
  const { level, pretty, destination } = validateOptions<
    Required<Omit<PinoLoggerOptions, 'destination'>> & Pick<PinoLoggerOptions, 'destination'>
  >('createPinoLogger', options, {
    defaults: { level: 'info', pretty: false },
    optional: ['destination'],
  });
  checkLevel('createPinoLogger', level);
  const root = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors come as plain data already; pino's own serializer would take it for an error.
      serializers: { err: (value: unknown) => value },
    },
    streamOf(pretty, destination),
  );
  return new PinoLogger(() => root);
}

function streamOf(
  pretty: boolean,
  destination: PinoLoggerOptions['destination'],
): DestinationStream {
  const stream = destination ?? pino.destination({ fd: 1, sync: true });
  if (!pretty) return stream;
  return {
    write(line: string) {
      stream.write(prettyLine(line));
    },
  };
}
