import type { Lease, LeaseRepository } from '@tenon/core';
import { Computed, literal } from './change.js';
import { above } from './filter.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/** `$$REMOVE` is no value of `$ifNull`, so that a row that is not there yet counts as expired. */
function isFree(owner: string, now: Date): object {
  return {
    $or: [
      { $lte: [{ $ifNull: ['$expiresAt', literal(new Date(0))] }, literal(now)] },
      { $eq: ['$owner', literal(owner)] },
    ],
  };
}

export class MongodbLeaseRepository implements LeaseRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'leases');
  }

  async acquire(input: {
    readonly key: string;
    readonly owner: string;
    readonly ttlMs: number;
    readonly now: Date;
  }): Promise<Lease | null> {
    const { key, owner, ttlMs, now } = input;
    const expiresAt = after(now, ttlMs);
    // Computed by the server instead of tried by insertion: a refused insertion would end a transaction.
    const free = isFree(owner, now);
    const taken = (value: unknown, kept: string): object => ({ $cond: [free, value, kept] });
    const change = new Computed([
      {
        owner: taken(literal(owner), '$owner'),
        fence: taken({ $add: [{ $ifNull: ['$fence', 0] }, 1] }, '$fence'),
        expiresAt: taken(literal(expiresAt), '$expiresAt'),
      },
    ]);
    const before = (await this.#rows.acrossTenants().exchange(key, change)) as Lease | null;
    if (before && before.expiresAt > now && before.owner !== owner) return null;
    return { key, owner, fence: (before?.fence ?? 0) + 1, expiresAt };
  }

  async renew(lease: Lease, ttlMs: number, now: Date): Promise<Lease | null> {
    const { key, owner, fence } = lease;
    const held = { key, owner, fence, expiresAt: above(now) };
    const change = { set: { expiresAt: after(now, ttlMs) } };
    return (await this.#rows.acrossTenants().change(held, change)) as Lease | null;
  }

  /** The row stays: it remembers the fence. */
  async release({ key, owner, fence }: Lease): Promise<void> {
    const change = { set: { expiresAt: new Date(0) } };
    await this.#rows.acrossTenants().update({ key, owner, fence }, change);
  }
}
