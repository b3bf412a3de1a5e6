import { isId, type JsonValue } from '@tenon/core';

/** JSON for a parameter; SQL's null for JSON's null. The driver would send arrays as PostgreSQL arrays. */
export function toJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** Value of a `jsonb` column as the driver reads it. */
export function fromJson<T = JsonValue>(value: unknown): T {
  return (value ?? null) as T;
}

/** Whether all are UUIDs. Others name no row, and the database would refuse them. Undefined stands for "any". */
export function areIds(...ids: readonly (string | null | undefined)[]): boolean {
  return ids.every((id) => id === undefined || id === null || isId(id));
}
