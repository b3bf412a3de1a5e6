import type {
  InboxClaim,
  InboxClaimResult,
  InboxEntry,
  InboxLease,
  InboxRepository,
  TenantId,
} from '@tenon/core';
import { Computed, literal } from './change.js';
import { below, not } from './filter.js';
import { Rows } from './rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

interface InboxRow {
  readonly attempts: number;
  readonly leaseUntil: Date | null;
  readonly keepUntil: Date | null;
}

/** Neither done nor held; also true of a row that is not there yet. */
function isFree(now: Date): object {
  const none = literal(null);
  return {
    $and: [
      { $eq: [{ $ifNull: ['$keepUntil', none] }, none] },
      { $lte: [{ $ifNull: ['$leaseUntil', literal(new Date(0))] }, literal(now)] },
    ],
  };
}

function claiming({ installationId, key, owner, leaseMs, now }: InboxClaim): Computed {
  const free = isFree(now);
  const until = literal(new Date(now.getTime() + leaseMs));
  const attempts = { $ifNull: ['$attempts', 0] };
  return new Computed([
    {
      key: literal(key),
      installationId: { $ifNull: ['$installationId', literal(installationId)] },
      owner: { $cond: [free, literal(owner), '$owner'] },
      attempts: { $cond: [free, { $add: [attempts, 1] }, attempts] },
      leaseUntil: { $cond: [free, until, { $ifNull: ['$leaseUntil', literal(null)] }] },
      keepUntil: { $ifNull: ['$keepUntil', literal(null)] },
    },
  ]);
}

export class MongodbInboxRepository implements InboxRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'inbox');
  }

  async claim(claim: InboxClaim): Promise<InboxClaimResult> {
    const { tenantId, now } = claim;
    const id = this.#rows.codec.idOf(claim);
    const row = await this.#rows.of(tenantId).exchange(id, claiming(claim));
    if (row === null) return { outcome: 'claimed', attempt: 1 };
    const { attempts, leaseUntil, keepUntil } = row as unknown as InboxRow;
    if (keepUntil) return { outcome: 'done' };
    const retryAfterMs = (leaseUntil?.getTime() ?? 0) - now.getTime();
    if (leaseUntil === null || retryAfterMs <= 0) {
      return { outcome: 'claimed', attempt: attempts + 1 };
    }
    return { outcome: 'in_progress', retryAfterMs };
  }

  async #owned(
    lease: InboxLease,
    change: Parameters<ReturnType<Rows['of']>['update']>[1],
  ): Promise<boolean> {
    const { tenantId, owner } = lease;
    const held = {
      _id: this.#rows.codec.idOf(lease),
      owner,
      keepUntil: null,
      leaseUntil: not(null),
    };
    return this.#rows.of(tenantId).update(held, change);
  }

  async renew(lease: InboxLease, until: Date): Promise<boolean> {
    return this.#owned(lease, { set: { leaseUntil: until } });
  }

  async complete(lease: InboxLease, keepUntil: Date): Promise<boolean> {
    return this.#owned(lease, { set: { keepUntil, leaseUntil: null } });
  }

  async release(lease: InboxLease, options: { readonly countAttempt: boolean }): Promise<boolean> {
    const add = { attempts: options.countAttempt ? 0 : -1 };
    return this.#owned(lease, { set: { leaseUntil: null }, add });
  }

  async find(tenantId: TenantId, key: string): Promise<InboxEntry | null> {
    if (!areIds(tenantId)) return null;
    const id = this.#rows.codec.idOf({ tenantId, key });
    const row = (await this.#rows.of(tenantId).findOne({ _id: id })) as InboxEntry | null;
    if (!row) return null;
    const { installationId, attempts, leaseUntil, keepUntil } = row;
    return { installationId, attempts, leaseUntil, keepUntil };
  }

  async forget(tenantId: TenantId, key: string): Promise<void> {
    if (!areIds(tenantId)) return;
    await this.#rows.of(tenantId).delete({ _id: this.#rows.codec.idOf({ tenantId, key }) });
  }

  async deleteExpired(before: Date, limit: number): Promise<number> {
    const order = { sort: { keepUntil: 1 }, limit } as const;
    return this.#rows.acrossTenants().deleteSome({ keepUntil: below(before) }, order);
  }
}
