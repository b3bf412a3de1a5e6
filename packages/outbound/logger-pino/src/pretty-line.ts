const COLORS: Readonly<Record<string, string>> = {
  debug: '\u001b[90m',
  info: '\u001b[36m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
};
const RESET = '\u001b[0m';

function show(value: unknown): string {
  return typeof value === 'string' && /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}

function withoutStack(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('stack' in value)) return value;
  const { stack: _stack, ...rest } = value;
  return rest;
}

/** One line for a person at a terminal, made of one line of JSON; stacks of errors follow on lines of their own. */
export function prettyLine(json: string): string {
  const { level, time, message, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const label = String(level);
  const short = JSON.parse(JSON.stringify(fields, withoutStack)) as Record<string, unknown>;
  const pairs = Object.entries(short).map(([name, value]) => ` ${name}=${show(value)}`);
  const stacks = Object.values(fields)
    .map((value) => (value as { stack?: unknown } | null)?.stack)
    .filter((stack) => typeof stack === 'string')
    .map((stack) => `\n${stack}`);
  const head = `${String(time).slice(11, 23)} ${COLORS[label] ?? ''}${label.padEnd(5)}${RESET}`;
  return `${head} ${String(message)}${pairs.join('')}${stacks.join('')}\n`;
}
