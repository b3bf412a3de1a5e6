import { placeName, sourcePlace } from '../../text/source-place.js';
import type { ErrorRow } from './view-state.js';

interface LoggedError {
  readonly message?: string;
  readonly code?: string;
  readonly stack?: string;
}

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly error?: LoggedError;
}

/** Cuts what comes in pieces into whole lines. */
export class LineCutter {
  #rest = '';

  take(text: string): readonly string[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }
}

function parse(line: string): LogLine | null {
  if (!line.startsWith('{')) return null;
  try {
    const value = JSON.parse(line) as Partial<LogLine>;
    const known = typeof value.level === 'string' && typeof value.message === 'string';
    return known ? (value as LogLine) : null;
  } catch {
    return null;
  }
}

function errorOf({ error }: LogLine): LoggedError {
  return typeof error === 'object' ? error : {};
}

/** The error that a line of the log tells of: all of level `error`, and warnings with an error. Null for other lines. */
export function loggedError(line: string, folder: string, at: number): ErrorRow | null {
  const parsed = parse(line);
  if (!parsed) return null;
  const { level, message } = parsed;
  if (level !== 'error' && !(level === 'warn' && parsed.error)) return null;
  const { message: why, code, stack = '' } = errorOf(parsed);
  const place = sourcePlace(stack, folder);
  return {
    at,
    code: code ?? null,
    message: why === undefined ? message : `${message}: ${why}`,
    place: place && placeName(place, folder),
    full: JSON.stringify(parsed, null, 2).replaceAll('\\n', '\n'),
  };
}
