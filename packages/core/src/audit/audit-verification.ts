import type { AuditBreak } from './audit-chain.js';
import type { AuditHead } from './audit-entry.js';

/** Input of a verification. */
export interface VerifyAuditInput {
  /** An end of this trail that was noted earlier, outside of the database: the trail must still contain it. */
  readonly anchor?: AuditHead | undefined;
  /** Begin with this entry instead of the first one. It is noted like an anchor; what stands before it is taken on trust. */
  readonly after?: AuditHead | undefined;
  /** The most entries to walk; all by default. */
  readonly maxEntries?: number | undefined;
  /** Hears how many entries were found right so far, now and then. */
  readonly onProgress?: ((checked: number) => void) | undefined;
}

/** What a verification found. */
export interface AuditVerification {
  /** Nothing was found wrong. */
  readonly ok: boolean;
  /** How many entries, from where it began, are right. */
  readonly checked: number;
  /** Whether it came to the end of the trail, or to a break; otherwise go on `after` the `head` of this answer. */
  readonly complete: boolean;
  /** The last of those; null when there is none. Note it elsewhere: it is the anchor of later verifications. */
  readonly head: AuditHead | null;
  /** The first place where the trail is broken; null when it is whole. */
  readonly broken: { readonly sequence: number; readonly reason: AuditBreak } | null;
}
