import type { Db } from 'mongodb';
import { UnavailableError } from '@tenon/core';

/** Name of the lease under which indexes are changed. */
export const LEASE_KEY = 'tenon:schema';
/** Long enough for an index on a large collection; a process that died is waited for so long. */
const HELD_MS = 60_000;
const RENEW_MS = 20_000;
const POLL_MS = 250;
const PATIENCE_MS = 600_000;
const DUPLICATE_KEY = 11000;

interface LeaseDocument {
  readonly _id: string;
  readonly owner: string;
  readonly fence: number;
  readonly expiresAt: Date;
}

/** Who asks, and how to wait. */
interface Waiter {
  readonly owner: string;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** With operators alone, so that it works before anything else does. */
async function acquire(db: Db, owner: string): Promise<boolean> {
  const now = new Date();
  const expiresAt = new Date(now.getTime() + HELD_MS);
  try {
    const held = await db
      .collection<LeaseDocument>('leases')
      .findOneAndUpdate(
        { _id: LEASE_KEY, expiresAt: { $lte: now } },
        { $set: { owner, expiresAt }, $inc: { fence: 1 } },
        { upsert: true, returnDocument: 'after' },
      );
    return held?.owner === owner;
  } catch (error) {
    if ((error as { code?: unknown }).code === DUPLICATE_KEY) return false;
    throw error;
  }
}

/** Runs `work` when no other process does. @throws TenonError `DATABASE_UNAVAILABLE` after ten minutes. */
export async function withSchemaLease<T>(
  db: Db,
  { owner, wait }: Waiter,
  work: () => Promise<T>,
): Promise<T> {
  const leases = db.collection<LeaseDocument>('leases');
  for (let waited = 0; !(await acquire(db, owner)); waited += POLL_MS) {
    if (waited >= PATIENCE_MS) {
      throw new UnavailableError(
        'DATABASE_UNAVAILABLE',
        'Another process has been changing the indexes for ten minutes; try again later',
      );
    }
    await wait(POLL_MS);
  }
  const timer = setInterval(() => {
    const expiresAt = new Date(Date.now() + HELD_MS);
    leases.updateOne({ _id: LEASE_KEY, owner }, { $set: { expiresAt } }).catch(() => undefined);
  }, RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await leases
      .updateOne({ _id: LEASE_KEY, owner }, { $set: { expiresAt: new Date(0) } })
      .catch(() => undefined);
  }
}
