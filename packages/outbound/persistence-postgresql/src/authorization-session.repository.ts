import type { AuthorizationSession, AuthorizationSessionRepository, Encryptor } from '@tenon/core';
import { columns } from './columns.js';
import type { AuthorizationSession as SessionRow } from './generated/client.js';
import { SecretField } from './secret-field.js';
import { prepared, type Session } from './session.js';

const ROW = columns<SessionRow>('authorization_sessions', [
  'id',
  'tenantId',
  'userId',
  'connector',
  'connectionId',
  'stateHash',
  'browserHash',
  'codeVerifier',
  'redirectUri',
  'returnTo',
  'name',
  'expiresAt',
  'usedAt',
  'createdAt',
]);

const INSERT = prepared(
  'authorization_sessions.insert',
  `INSERT INTO authorization_sessions ${ROW.insert}`,
);

const CONSUME = prepared(
  'authorization_sessions.consume',
  `UPDATE authorization_sessions SET used_at = $2
   WHERE state_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING ${ROW.list}`,
);

const DELETE_EXPIRED = prepared(
  'authorization_sessions.delete_expired',
  `DELETE FROM authorization_sessions WHERE id = ANY (ARRAY(
     SELECT id FROM authorization_sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2
     FOR UPDATE SKIP LOCKED))`,
);

export class PostgresqlAuthorizationSessionRepository implements AuthorizationSessionRepository {
  readonly #session: Session;
  readonly #codeVerifier: SecretField<string>;

  constructor(session: Session, encryptor: Encryptor) {
    this.#session = session;
    this.#codeVerifier = new SecretField(encryptor, {
      table: 'authorization_sessions',
      column: 'code_verifier',
    });
  }

  async insert(session: AuthorizationSession): Promise<void> {
    const codeVerifier = await this.#codeVerifier.seal(session.codeVerifier, session);
    await this.#session.run(INSERT, ROW.values({ ...session, codeVerifier }));
  }

  async consume(stateHash: string, now: Date): Promise<AuthorizationSession | null> {
    const row = await this.#session.row<SessionRow>(CONSUME, [stateHash, now]);
    if (row === null) return null;
    const codeVerifier = await this.#codeVerifier.open(row.codeVerifier, row);
    return { ...row, codeVerifier } as AuthorizationSession;
  }

  async deleteExpired(before: Date, limit: number): Promise<number> {
    return this.#session.run(DELETE_EXPIRED, [before, limit]);
  }
}
