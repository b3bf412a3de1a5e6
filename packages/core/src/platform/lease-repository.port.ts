/** A lock with an end: whoever holds it must prove it by owner and fence. */
export interface Lease {
  readonly key: string;
  /** Random, known to the holder alone. */
  readonly owner: string;
  /** Grows with every holder of this key; later writes with a lower fence are outdated. */
  readonly fence: number;
  readonly expiresAt: Date;
}

/** Leases by key. Every method is one atomic statement. Time is the caller's: compare clocks of processes accordingly. */
export interface LeaseRepository {
  /** Null when somebody else holds it at `now`. */
  acquire(input: {
    readonly key: string;
    readonly owner: string;
    readonly ttlMs: number;
    readonly now: Date;
  }): Promise<Lease | null>;
  /** Null when the lease is lost. */
  renew(lease: Lease, ttlMs: number, now: Date): Promise<Lease | null>;
  /** Ends the lease if it is still this one; the fence keeps growing. */
  release(lease: Lease): Promise<void>;
}
