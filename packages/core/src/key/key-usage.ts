import type { CancellationSignal } from '../platform/cancellation.js';
import type { SecretFields } from './secret-fields.port.js';
import { secretFieldNames } from './secret-field.js';
import type { SecretFieldName } from './secret-field.js';

/** How many values of one field name one key. */
export interface KeyUsage extends SecretFieldName {
  /** Null for values that have not the text form of an encryptor. */
  readonly keyId: string | null;
  readonly rows: number;
}

const BATCH = 5_000;

/** Counts all stored values by field and key, in batches. Stops with the signal's reason. */
export async function countKeyUsage(
  secretFields: SecretFields,
  signal?: CancellationSignal,
): Promise<readonly KeyUsage[]> {
  const usage: KeyUsage[] = [];
  for (const name of secretFieldNames) {
    const rows = new Map<string | null, number>();
    for (let after: string | null = null; ;) {
      signal?.throwIfAborted();
      const batch = await secretFields.countByKey({ ...name, after, limit: BATCH });
      for (const count of batch.counts) {
        rows.set(count.keyId, (rows.get(count.keyId) ?? 0) + count.rows);
      }
      if (batch.next === null) break;
      after = batch.next;
    }
    for (const [keyId, count] of rows) usage.push({ ...name, keyId, rows: count });
  }
  return usage;
}

/** Ids that stored values name and the ring does not have: those values cannot be read. */
export function missingKeyIds(
  usage: readonly KeyUsage[],
  readingKeyIds: readonly string[],
): readonly string[] {
  const named = new Set(usage.flatMap(({ keyId, rows }) => (rows > 0 && keyId ? [keyId] : [])));
  return [...named].filter((keyId) => !readingKeyIds.includes(keyId)).sort();
}

/**
 * Counts the oldest values of each field, so that the answer takes no longer as tables grow: they are what an earlier key has
 * written, if anything is.
 */
export async function sampleKeyUsage(
  secretFields: SecretFields,
  limit: number,
): Promise<readonly KeyUsage[]> {
  const usage: KeyUsage[] = [];
  for (const name of secretFieldNames) {
    const { counts } = await secretFields.countByKey({ ...name, after: null, limit });
    usage.push(...counts.map((count) => ({ ...name, ...count })));
  }
  return usage;
}
