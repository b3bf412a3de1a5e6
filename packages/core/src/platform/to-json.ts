import { ValidationError } from './common.errors.js';
import type { JsonObject, JsonValue } from './json.js';

function problemOf(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : `${value} is not a JSON number`;
    case 'object':
      return value === null || isPlain(value) ? null : `a ${nameOf(value)} is not JSON`;
    default:
      return `a value of type ${typeof value} is not JSON`;
  }
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: object): string {
  const { constructor } = value as { readonly constructor?: { readonly name?: string } };
  return constructor?.name ?? 'object';
}

/** Deeper values are cycles, or nothing that a database or a queue should keep. */
const MAX_DEPTH = 100;

interface Place {
  readonly what: string;
  readonly path: string;
  readonly depth: number;
}

function refuse({ what, path }: Place, message: string): never {
  throw new ValidationError(what, [{ path, message }]);
}

function copy(value: unknown, place: Place): JsonValue {
  const problem = problemOf(value);
  if (problem !== null) refuse(place, problem);
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  if (place.depth === MAX_DEPTH) refuse(place, 'it is nested too deeply or contains itself');
  const inner = (key: string | number): Place => ({
    ...place,
    path: place.path === '' ? String(key) : `${place.path}.${key}`,
    depth: place.depth + 1,
  });
  if (Array.isArray(value)) return value.map((each: unknown, index) => copy(each, inner(index)));
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, copy(each, inner(key))]));
}

/**
 * A copy of `value` as JSON, without properties that are `undefined`.
 * @throws ValidationError naming the place of a value that does not survive as JSON: dates, maps, NaN, functions, cycles.
 */
export function toJsonValue(value: unknown, what: string, path = ''): JsonValue {
  return copy(value, { what, path, depth: 0 });
}

/** As {@link toJsonValue}, for objects. @throws ValidationError also when it is no object. */
export function toJsonObject(value: unknown, what: string, path = ''): JsonObject {
  const json = toJsonValue(value, what, path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as JsonObject;
  throw new ValidationError(what, [{ path, message: 'it must be an object' }]);
}
