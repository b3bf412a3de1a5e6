import { Secret } from '@tenon/core';

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Secret) return new Secret(copy(value.reveal()));
  if (Array.isArray(value)) return value.map(copy);
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    // A member named `__proto__` is data here, as it is after JSON.parse.
    if (key === '__proto__') Object.defineProperty(result, key, { value: copy(member), ...OWN });
    else result[key] = copy(member);
  }
  return result;
}

const OWN = { enumerable: true, configurable: true, writable: true };

/** A deep copy of rows: dates and secrets stay what they are, absent members stay absent. */
export function copyOf<T>(value: T): T {
  return copy(value) as T;
}
