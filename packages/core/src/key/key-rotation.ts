import type { SecretFieldName } from './secret-field.js';

/** How far the rewriting of stored secrets with one key has come. There is one for each key that was rotated to. */
export interface KeyRotation {
  /** The key that values are written with. */
  readonly keyId: string;
  /** Where to go on; null when nothing is left to do. */
  readonly position: (SecretFieldName & { readonly after: string | null }) | null;
  /** Rows looked at since it began. */
  readonly scanned: number;
  readonly rewritten: number;
  /** Values that no key of the ring could read. */
  readonly unreadable: number;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  /** Null while it is under way, or interrupted. */
  readonly finishedAt: Date | null;
}
