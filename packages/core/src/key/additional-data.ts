import type { EncryptionContext } from '../platform/encryptor.port.js';

/**
 * What a ciphertext is bound to, as the additional data of its cipher. Each part has its length in front, so that no two contexts
 * give the same text whatever their parts hold.
 */
export function additionalData({ tenantId, table, column, rowId }: EncryptionContext): string {
  return `${tenantId.length}:${tenantId}|${table.length}:${table}|${column.length}:${column}|${rowId.length}:${rowId}`;
}
