import type {
  AuthorizationSession,
  AuthorizationSessionRepository,
  Encryptor,
  JsonObject,
  Secret,
} from '@tenon/core';
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
  'step',
  'totalSteps',
  'stepData',
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
   WHERE state_hash = $1 AND used_at IS NULL AND expires_at > $2 AND step = total_steps RETURNING ${ROW.list}`,
);

const FIND_OPEN = prepared(
  'authorization_sessions.find_open',
  `SELECT ${ROW.list} FROM authorization_sessions WHERE state_hash = $1 AND used_at IS NULL AND expires_at > $2`,
);

const ADVANCE = prepared(
  'authorization_sessions.advance',
  `UPDATE authorization_sessions SET step = step + 1, step_data = $5
   WHERE id = $1 AND state_hash = $2 AND step = $3 AND step < total_steps AND used_at IS NULL AND expires_at > $4
   RETURNING ${ROW.list}`,
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
  readonly #stepData: SecretField<JsonObject>;

  constructor(session: Session, encryptor: Encryptor) {
    this.#session = session;
    this.#codeVerifier = new SecretField(encryptor, {
      table: 'authorization_sessions',
      column: 'code_verifier',
    });
    this.#stepData = new SecretField(encryptor, {
      table: 'authorization_sessions',
      column: 'step_data',
    });
  }

  async insert(session: AuthorizationSession): Promise<void> {
    const codeVerifier = await this.#codeVerifier.seal(session.codeVerifier, session);
    const stepData = session.stepData && (await this.#stepData.seal(session.stepData, session));
    await this.#session.run(INSERT, ROW.values({ ...session, codeVerifier, stepData }));
  }

  async consume(stateHash: string, now: Date): Promise<AuthorizationSession | null> {
    const row = await this.#session.row<SessionRow>(CONSUME, [stateHash, now]);
    return row && this.#open(row);
  }

  async findOpen(stateHash: string, now: Date): Promise<AuthorizationSession | null> {
    const row = await this.#session.row<SessionRow>(FIND_OPEN, [stateHash, now]);
    return row && this.#open(row);
  }

  async advance(
    stateHash: string,
    change: { readonly step: number; readonly stepData: Secret<JsonObject>; readonly now: Date },
  ): Promise<AuthorizationSession | null> {
    const { step, now } = change;
    // The ciphertext is bound to the row's id, which the state alone does not tell.
    const current = await this.#session.row<SessionRow>(FIND_OPEN, [stateHash, now]);
    if (current?.step !== step) return null;
    const stepData = await this.#stepData.seal(change.stepData, current);
    const values = [current.id, stateHash, step, now, stepData];
    const row = await this.#session.row<SessionRow>(ADVANCE, values);
    return row && this.#open(row);
  }

  async #open(row: SessionRow): Promise<AuthorizationSession> {
    const codeVerifier = await this.#codeVerifier.open(row.codeVerifier, row);
    const stepData = row.stepData === null ? null : await this.#stepData.open(row.stepData, row);
    return { ...row, codeVerifier, stepData } as AuthorizationSession;
  }

  async deleteExpired(before: Date, limit: number): Promise<number> {
    return this.#session.run(DELETE_EXPIRED, [before, limit]);
  }
}
