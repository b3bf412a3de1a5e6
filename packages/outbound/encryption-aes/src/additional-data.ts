import type { EncryptionContext } from '@tenon/core';

/**
 * What a ciphertext is bound to. Each part has its length in front, so that no two contexts give the same text whatever their
 * parts hold.
 */
export function additionalData({ tenantId, table, column, rowId }: EncryptionContext): string {
  return `${tenantId.length}:${tenantId}|${table.length}:${table}|${column.length}:${column}|${rowId.length}:${rowId}`;
}

/** The place of a value, for messages. */
export function placeOf({ table, column, rowId }: EncryptionContext): string {
  return `${table}.${column} of '${rowId}'`;
}
