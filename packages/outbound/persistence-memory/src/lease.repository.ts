import type { Lease, LeaseRepository } from '@tenon/core';
import type { Access } from './access.js';

export class MemoryLeaseRepository implements LeaseRepository {
  constructor(private readonly access: Access) {}

  acquire(input: {
    readonly key: string;
    readonly owner: string;
    readonly ttlMs: number;
    readonly now: Date;
  }): Promise<Lease | null> {
    return this.access.run(({ leases }) => {
      const { key, owner, ttlMs, now } = input;
      const row = leases.get(key);
      if (row && row.owner !== null && row.owner !== owner && row.expiresAt > now) return null;
      const expiresAt = new Date(now.getTime() + ttlMs);
      const lease = { key, owner, fence: (row?.fence ?? 0) + 1, expiresAt };
      leases.put(lease);
      return lease;
    });
  }

  renew(lease: Lease, ttlMs: number, now: Date): Promise<Lease | null> {
    return this.access.run(({ leases }) => {
      const row = leases.get(lease.key);
      if (row?.owner !== lease.owner || row.fence !== lease.fence || row.expiresAt <= now) {
        return null;
      }
      const renewed = { ...lease, expiresAt: new Date(now.getTime() + ttlMs) };
      leases.put(renewed);
      return renewed;
    });
  }

  release(lease: Lease): Promise<void> {
    return this.access.run(({ leases }) => {
      const row = leases.get(lease.key);
      if (row?.owner !== lease.owner || row.fence !== lease.fence) return;
      leases.put({ ...row, owner: null });
    });
  }
}
