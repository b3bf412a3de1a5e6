import { createHash } from 'node:crypto';
import type { Db } from 'mongodb';
import type { IndexDescription } from '../indexes.js';

/** Collection of the stamp. */
export const SCHEMA_TABLE = 'tenon_schema';
const ID = 'indexes';

interface Stamp {
  readonly _id: string;
  /** Of the descriptions that the last deployment made. */
  readonly hash: string;
  readonly deployedAt: Date;
}

/** A short text that changes with any description. */
export function stampOf(described: readonly IndexDescription[]): string {
  return createHash('sha256').update(JSON.stringify(described)).digest('hex');
}

export async function readStamp(db: Db): Promise<string | null> {
  const stamp = await db.collection<Stamp>(SCHEMA_TABLE).findOne({ _id: ID });
  return stamp?.hash ?? null;
}

export async function writeStamp(db: Db, described: readonly IndexDescription[]): Promise<void> {
  const change = { $set: { hash: stampOf(described), deployedAt: new Date() } };
  await db.collection<Stamp>(SCHEMA_TABLE).updateOne({ _id: ID }, change, { upsert: true });
}
