import type { Crypto } from '../platform/crypto.port.js';
import type { JsonValue } from '../platform/json.js';
import {
  FIRST_PREVIOUS_HASH,
  type AuditEntry,
  type AuditHead,
  type NewAuditEntry,
} from './audit-entry.js';

type Hash = Pick<Crypto, 'sha256'>;

/** Names the way of encoding, so that another one never hashes to the same. */
const ENCODING = 'tenon.audit.1';

/** The value with the members of objects in the order of their names: databases do not keep the order. */
function canonical(value: JsonValue | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: JsonValue) => canonical(each));
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  const pairs = members
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => [name, canonical(each)]);
  // Marked: it must not read like an array of pairs.
  return { members: pairs };
}

/**
 * SHA-256, as base64url, of one line of JSON: a list of the entry's fields in a fixed order, with `previousHash`. Whoever changes,
 * removes or moves an entry has to change the hash of every later one.
 */
export function auditHash(crypto: Hash, entry: Omit<AuditEntry, 'hash'>): string {
  const { tenantId, sequence, id, createdAt, actor, action, subject } = entry;
  return crypto.sha256(
    JSON.stringify([
      ENCODING,
      ...[tenantId, sequence, id, createdAt.toISOString()],
      ...[actor.kind, actor.userId, action, subject.type, subject.id],
      ...[canonical(entry.details), entry.requestId, entry.previousHash],
    ]),
  );
}

/** Gives entries their places after `head`, one after another. */
export function chainAfter(
  crypto: Hash,
  head: AuditHead | null,
  entries: readonly NewAuditEntry[],
): readonly AuditEntry[] {
  let last = head ?? { sequence: 0, hash: FIRST_PREVIOUS_HASH };
  return entries.map((entry) => {
    const placed = { ...entry, sequence: last.sequence + 1, previousHash: last.hash };
    const chained = { ...placed, hash: auditHash(crypto, placed) };
    last = chained;
    return chained;
  });
}

/** What is wrong with a trail. */
export type AuditBreak =
  /** An entry is not there; those after it may be. */
  | 'missing'
  /** An entry's content does not have its hash. */
  | 'changed'
  /** An entry does not follow the one before it. */
  | 'unlinked'
  /** The end is not the end that the database remembers. */
  | 'head_mismatch'
  /** It is not the trail that the given anchor was taken from. */
  | 'anchor_mismatch';

/** What is wrong with `entry`, when `before` is what stands before it. */
export function breakAt(
  crypto: Hash,
  before: AuditHead | null,
  entry: AuditEntry,
): AuditBreak | null {
  const last = before ?? { sequence: 0, hash: FIRST_PREVIOUS_HASH };
  if (entry.sequence !== last.sequence + 1) return 'missing';
  if (auditHash(crypto, entry) !== entry.hash) return 'changed';
  return entry.previousHash === last.hash ? null : 'unlinked';
}
