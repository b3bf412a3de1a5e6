import type {
  InboxClaim,
  InboxClaimResult,
  InboxEntry,
  InboxLease,
  InboxRepository,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import type { InboxRow } from './database.js';

export class MemoryInboxRepository implements InboxRepository {
  constructor(private readonly access: Access) {}

  claim(claim: InboxClaim): Promise<InboxClaimResult> {
    return this.access.run(({ inbox }): InboxClaimResult => {
      const { tenantId, installationId, key, owner, leaseMs, now } = claim;
      const row = inbox.get(`${tenantId}/${key}`);
      if (row && row.keepUntil !== null) return { outcome: 'done' };
      if (row?.leaseUntil && row.leaseUntil > now) {
        const retryAfterMs = row.leaseUntil.getTime() - now.getTime();
        return { outcome: 'in_progress', retryAfterMs };
      }
      const attempt = (row?.attempts ?? 0) + 1;
      const leaseUntil = new Date(now.getTime() + leaseMs);
      const base = row ?? { tenantId, installationId, key, keepUntil: null };
      inbox.put({ ...base, owner, leaseUntil, attempts: attempt });
      return { outcome: 'claimed', attempt };
    });
  }

  renew(lease: InboxLease, until: Date): Promise<boolean> {
    return this.#change(lease, (row) => ({ ...row, leaseUntil: until }));
  }

  complete(lease: InboxLease, keepUntil: Date): Promise<boolean> {
    return this.#change(lease, (row) => ({ ...row, owner: null, leaseUntil: null, keepUntil }));
  }

  release(lease: InboxLease, options: { readonly countAttempt: boolean }): Promise<boolean> {
    return this.#change(lease, (row) => ({
      ...row,
      owner: null,
      leaseUntil: null,
      attempts: row.attempts - (options.countAttempt ? 0 : 1),
    }));
  }

  find(tenantId: TenantId, key: string): Promise<InboxEntry | null> {
    return this.access.run(({ inbox }) => {
      const row = inbox.get(`${tenantId}/${key}`);
      if (!row) return null;
      const { installationId, attempts, leaseUntil, keepUntil } = row;
      return { installationId, attempts, leaseUntil, keepUntil };
    });
  }

  forget(tenantId: TenantId, key: string): Promise<void> {
    return this.access.run(({ inbox }) => {
      inbox.remove(`${tenantId}/${key}`);
    });
  }

  deleteExpired(before: Date, limit: number): Promise<number> {
    return this.access.run(({ inbox }) => {
      const expired: string[] = [];
      for (const { keepUntil, tenantId, key } of inbox.group('done', 'done')) {
        if (expired.length === limit) break;
        if (keepUntil !== null && keepUntil < before) expired.push(`${tenantId}/${key}`);
      }
      for (const key of expired) inbox.remove(key);
      return expired.length;
    });
  }

  /** Changes the row while the owner has it. */
  #change(lease: InboxLease, change: (row: InboxRow) => InboxRow): Promise<boolean> {
    return this.access.run(({ inbox }) => {
      const row = inbox.get(`${lease.tenantId}/${lease.key}`);
      if (row?.owner !== lease.owner) return false;
      inbox.put(change(row));
      return true;
    });
  }
}
