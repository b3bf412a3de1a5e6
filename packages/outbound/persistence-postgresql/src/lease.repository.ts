import type { Lease, LeaseRepository } from '@tenon/core';
import { columns } from './columns.js';
import { prepared, type Session } from './session.js';

const ROW = columns<Lease>('leases', ['key', 'owner', 'fence', 'expiresAt'], ['fence']);

const ACQUIRE = prepared(
  'leases.acquire',
  `INSERT INTO leases (key, owner, fence, expires_at) VALUES ($1, $2, 1, $3)
   ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, fence = leases.fence + 1, expires_at = excluded.expires_at
   WHERE leases.expires_at <= $4 OR leases.owner = excluded.owner RETURNING ${ROW.list}`,
);

const RENEW = prepared(
  'leases.renew',
  `UPDATE leases SET expires_at = $4
   WHERE key = $1 AND owner = $2 AND fence = $3 AND expires_at > $5 RETURNING ${ROW.list}`,
);

/** The row stays: it remembers the fence. */
const RELEASE = prepared(
  'leases.release',
  `UPDATE leases SET expires_at = 'epoch' WHERE key = $1 AND owner = $2 AND fence = $3`,
);

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

export class PostgresqlLeaseRepository implements LeaseRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async acquire(input: {
    readonly key: string;
    readonly owner: string;
    readonly ttlMs: number;
    readonly now: Date;
  }): Promise<Lease | null> {
    const { key, owner, ttlMs, now } = input;
    return this.#session.row<Lease>(ACQUIRE, [key, owner, after(now, ttlMs), now]);
  }

  async renew(lease: Lease, ttlMs: number, now: Date): Promise<Lease | null> {
    const { key, owner, fence } = lease;
    return this.#session.row<Lease>(RENEW, [key, owner, fence, after(now, ttlMs), now]);
  }

  async release({ key, owner, fence }: Lease): Promise<void> {
    await this.#session.run(RELEASE, [key, owner, fence]);
  }
}
