import type { LogFields, Logger } from '@tenon/core';
import type { Io } from '../io.js';
import { styleOf } from '../text/style.js';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Of every line of one job: the tables have them. */
const COMMON = new Set(['tenantId', 'installationId', 'jobId', 'runId', 'requestId']);

function textOf(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Lines of a log for people, on standard error. `clean` takes out secrets. */
export function lineLogger(
  io: Io,
  clean: (text: string) => string,
  fields: LogFields = {},
): Logger {
  const { dim, yellow, red } = styleOf(io.stderr, io.env);
  const paint = { debug: dim, info: dim, warn: yellow, error: red };
  const wanted = LEVELS.indexOf((io.env['TENON_LOG_LEVEL'] ?? 'info') as 'info');
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, own: LogFields = {}): void => {
      if (LEVELS.indexOf(level) < wanted) return;
      const facts = Object.entries({ ...fields, ...own })
        .filter(([name, value]) => value !== undefined && !COMMON.has(name))
        .map(([name, value]) => `${name}=${textOf(value)}`);
      const line = [message, ...facts].join(' ').replace(/\p{Cc}+/gu, ' ');
      io.stderr.write(`${paint[level](level.padEnd(5))} ${clean(line)}\n`);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (more) => lineLogger(io, clean, { ...fields, ...more }),
  };
}
