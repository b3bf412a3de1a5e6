import type { InstallationId } from '../installation/installation.js';
import type { TenantId } from '../tenant/tenant.js';

/** Who wants to work on what. */
export interface InboxClaim {
  readonly tenantId: TenantId;
  readonly installationId: InstallationId;
  /** See `inboxKey` and `onceKey`. */
  readonly key: string;
  /** Random; names this attempt. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly now: Date;
}

/** A claim that was won: names who may go on. */
export type InboxLease = Pick<InboxClaim, 'tenantId' | 'key' | 'owner'>;

/** What the inbox knows of a key. */
export interface InboxEntry {
  readonly installationId: InstallationId;
  /** Claims that were not put off. */
  readonly attempts: number;
  /** Until when its claim holds; null when it was given back, or is done. */
  readonly leaseUntil: Date | null;
  /** Set when it is done. */
  readonly keepUntil: Date | null;
}

/** Answer to a claim. `attempt` counts claims of this key that were not put off, this one included. */
export type InboxClaimResult =
  | { readonly outcome: 'claimed'; readonly attempt: number }
  | { readonly outcome: 'done' }
  | { readonly outcome: 'in_progress'; readonly retryAfterMs: number };

/** The memory of consumed jobs: makes at-least-once delivery harmless. */
export interface InboxRepository {
  /** One atomic statement: new keys and keys whose lease is over are claimed. */
  claim(claim: InboxClaim): Promise<InboxClaimResult>;
  /** Prolongs the lease. False when the owner lost it. */
  renew(lease: InboxLease, until: Date): Promise<boolean>;
  /** Marks as done, kept until `keepUntil`. False when the owner lost the lease: then nothing else may be committed. */
  complete(lease: InboxLease, keepUntil: Date): Promise<boolean>;
  /**
   * Gives the claim back, to be claimed again at once. `countAttempt: false` also takes back the attempt (put-offs).
   * False when the owner lost the lease.
   */
  release(lease: InboxLease, options: { readonly countAttempt: boolean }): Promise<boolean>;
  find(tenantId: TenantId, key: string): Promise<InboxEntry | null>;
  /** Forgets a key whatever its state, so that its job can run again (redrive). */
  forget(tenantId: TenantId, key: string): Promise<void>;
  /** Deletes done keys that may be forgotten; at most `limit`. Answers how many. */
  deleteExpired(before: Date, limit: number): Promise<number>;
}
