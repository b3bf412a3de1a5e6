import type {
  InboxClaim,
  InboxClaimResult,
  InboxEntry,
  InboxLease,
  InboxRepository,
  TenantId,
} from '@tenon/core';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

const FREE = 'inbox.keep_until IS NULL AND (inbox.lease_until IS NULL OR inbox.lease_until <= $6)';

/** The claim, or what is in its way. Neither, when somebody else claims the key at this very moment. */
const CLAIM = prepared(
  'inbox.claim',
  `WITH claimed AS (
     INSERT INTO inbox (tenant_id, installation_id, key, owner, lease_until, attempts) VALUES ($1, $2, $3, $4, $5, 1)
     ON CONFLICT (tenant_id, key) DO UPDATE
     SET owner = excluded.owner, attempts = inbox.attempts + 1, lease_until = excluded.lease_until WHERE ${FREE}
     RETURNING attempts)
   SELECT attempts AS attempt, NULL::timestamptz AS "leaseUntil", NULL::timestamptz AS "keepUntil" FROM claimed
   UNION ALL
   SELECT NULL, lease_until, keep_until FROM inbox
   WHERE tenant_id = $1 AND key = $3 AND NOT (${FREE}) AND NOT EXISTS (SELECT 1 FROM claimed)`,
);

const OWNED =
  'tenant_id = $1 AND key = $2 AND owner = $3 AND keep_until IS NULL AND lease_until IS NOT NULL';

const RENEW = prepared('inbox.renew', `UPDATE inbox SET lease_until = $4 WHERE ${OWNED}`);

const COMPLETE = prepared(
  'inbox.complete',
  `UPDATE inbox SET keep_until = $4, lease_until = NULL WHERE ${OWNED}`,
);

const RELEASE = prepared(
  'inbox.release',
  `UPDATE inbox SET lease_until = NULL, attempts = attempts - $4::int WHERE ${OWNED}`,
);

const FIND = prepared(
  'inbox.find',
  `SELECT installation_id AS "installationId", attempts, lease_until AS "leaseUntil", keep_until AS "keepUntil"
   FROM inbox WHERE tenant_id = $1 AND key = $2`,
);

const FORGET = prepared('inbox.forget', 'DELETE FROM inbox WHERE tenant_id = $1 AND key = $2');

const DELETE_EXPIRED = prepared(
  'inbox.delete_expired',
  `DELETE FROM inbox WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM inbox WHERE keep_until < $1 ORDER BY keep_until LIMIT $2 FOR UPDATE SKIP LOCKED))`,
);

interface ClaimRow {
  readonly attempt: number | null;
  readonly leaseUntil: Date | null;
  readonly keepUntil: Date | null;
}

const keyOf = ({ tenantId, key, owner }: InboxLease): readonly string[] => [tenantId, key, owner];

export class PostgresqlInboxRepository implements InboxRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async claim(claim: InboxClaim): Promise<InboxClaimResult> {
    const { tenantId, installationId, key, owner, leaseMs, now } = claim;
    const until = new Date(now.getTime() + leaseMs);
    const values = [tenantId, installationId, key, owner, until, now];
    let row: ClaimRow | null = null;
    // The statement does not see what was committed while it waited; the next one does.
    while (row === null) row = await this.#session.row<ClaimRow>(CLAIM, values);
    if (row.attempt !== null) return { outcome: 'claimed', attempt: row.attempt };
    if (row.keepUntil) return { outcome: 'done' };
    const retryAfterMs = (row.leaseUntil?.getTime() ?? 0) - now.getTime();
    return { outcome: 'in_progress', retryAfterMs };
  }

  async renew(lease: InboxLease, until: Date): Promise<boolean> {
    return (await this.#session.run(RENEW, [...keyOf(lease), until])) > 0;
  }

  async complete(lease: InboxLease, keepUntil: Date): Promise<boolean> {
    return (await this.#session.run(COMPLETE, [...keyOf(lease), keepUntil])) > 0;
  }

  async release(lease: InboxLease, options: { readonly countAttempt: boolean }): Promise<boolean> {
    const values = [...keyOf(lease), options.countAttempt ? 0 : 1];
    return (await this.#session.run(RELEASE, values)) > 0;
  }

  async find(tenantId: TenantId, key: string): Promise<InboxEntry | null> {
    if (!areIds(tenantId)) return null;
    return this.#session.row<InboxEntry>(FIND, [tenantId, key]);
  }

  async forget(tenantId: TenantId, key: string): Promise<void> {
    if (areIds(tenantId)) await this.#session.run(FORGET, [tenantId, key]);
  }

  async deleteExpired(before: Date, limit: number): Promise<number> {
    return this.#session.run(DELETE_EXPIRED, [before, limit]);
  }
}
