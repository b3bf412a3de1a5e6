import type { LogFields, Logger } from '@tenon/core';

/** One recorded line. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  /** Fields of the line and of the loggers it came through. */
  readonly fields: LogFields;
}

/** A logger that keeps its lines for assertions. */
export interface RecordingLogger extends Logger {
  /** Oldest first, those of all children included. */
  readonly lines: readonly LogLine[];
  /** Everything that was logged, as text, with the messages and causes of errors. */
  text(): string;
  /** @throws Error naming the line when a recorded line contains one of the texts. */
  assertNever(...secrets: readonly string[]): void;
  clear(): void;
}

/** Makes a logger that keeps its lines. */
export function recordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  return {
    ...recorder(lines, {}),
    lines,
    text: () => lines.map(asText).join('\n'),
    assertNever(...secrets) {
      for (const line of lines) {
        const text = asText(line);
        if (!secrets.some((each) => text.includes(each))) continue;
        throw new Error(`The ${line.level} line '${line.message}' contains a secret: ${text}`);
      }
    },
    clear() {
      lines.length = 0;
    },
  };
}

function recorder(lines: LogLine[], inherited: LogFields): Logger {
  const record = (level: LogLine['level']) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, fields: { ...inherited, ...fields } });
  };
  return {
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    child: (fields) => recorder(lines, { ...inherited, ...fields }),
  };
}

function asText({ level, message, fields }: LogLine): string {
  const seen = new Set<unknown>();
  const json = JSON.stringify(fields, (_, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return '[seen]';
    seen.add(value);
    return value instanceof Error ? errorFields(value) : value;
  });
  return `${level} ${message} ${json}`;
}

function errorFields(error: Error): object {
  const { name, message, stack, cause } = error;
  return Object.assign({ name, message, stack, cause }, Object.fromEntries(Object.entries(error)));
}
