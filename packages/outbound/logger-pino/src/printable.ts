import { types } from 'node:util';
import { isSensitive } from './sensitive-names.js';

const REDACTED = '[redacted]';
const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;
const MAX_TEXT = 8_192;

/** Whatever was logged, as plain data that is safe and short enough to print. Reading it may throw: getters run. */
export function printable(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_TEXT
        ? `${value.slice(0, MAX_TEXT)}… (${value.length} characters)`
        : value;
    case 'bigint':
      return value.toString();
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    case 'object':
      return value === null ? null : printableObject(value, depth);
    default:
      return value;
  }
}

function printableObject(value: object, depth: number): unknown {
  if (types.isNativeError(value) || value instanceof Error) return printableError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  // Query strings carry tokens.
  if (value instanceof URL) return value.origin + value.pathname;
  if (depth >= MAX_DEPTH) return '[…]';
  if (Array.isArray(value) || value instanceof Set) return printableList([...value], depth);
  if (value instanceof Map) return printableEntries([...value.entries()], depth);
  // A Secret answers `[secret]` here, a Date its ISO form.
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return printable((value as { toJSON(): unknown }).toJSON(), depth + 1);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  // Sockets, requests and signals hold half of the process.
  return plain ? printableEntries(Object.entries(value), depth) : `[${nameOf(value)}]`;
}

function nameOf(value: object): string {
  return (value as { constructor?: { name?: string } }).constructor?.name ?? 'object';
}

function printableList(values: readonly unknown[], depth: number): unknown[] {
  const list = values.slice(0, MAX_ENTRIES).map((value) => printable(value, depth + 1));
  if (values.length > MAX_ENTRIES) list.push(`… (${values.length} entries)`);
  return list;
}

function printableEntries(
  entries: readonly (readonly [unknown, unknown])[],
  depth: number,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of entries.slice(0, MAX_ENTRIES)) {
    const name = String(key);
    result[name] = isSensitive(name) ? REDACTED : printable(value, depth + 1);
  }
  if (entries.length > MAX_ENTRIES) result['…'] = `${entries.length} entries`;
  return result;
}

/** Only what is known to be safe: errors of libraries carry requests with headers. */
function printableError(error: Error, depth: number): unknown {
  const { code, category, details, errors } = error as Error & Record<string, unknown>;
  if (depth > MAX_DEPTH) return { name: error.name, message: error.message };
  return {
    name: error.name,
    ...(['string', 'number'].includes(typeof code) && { code }),
    ...(typeof category === 'string' && { category }),
    message: printable(error.message),
    ...(typeof category === 'string' && { details: printable(details, depth + 1) }),
    stack: printable(error.stack),
    ...(error.cause !== undefined && { cause: printable(error.cause, depth + 1) }),
    ...(Array.isArray(errors) && { errors: printableList(errors, depth) }),
  };
}
