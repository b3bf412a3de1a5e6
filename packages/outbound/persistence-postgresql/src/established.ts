import type { Pool, PoolClient } from 'pg';

/** Counts the connections of a pool that were made: its own count has those that are being made, too. */
export function countEstablished(pool: Pool): () => number {
  // What a pool has that was handed in is taken for made.
  let before = pool.totalCount;
  const made = new Set<PoolClient>();
  pool.on('connect', (client) => made.add(client));
  pool.on('remove', (client) => {
    if (!made.delete(client)) before = Math.max(0, before - 1);
  });
  return () => before + made.size;
}
