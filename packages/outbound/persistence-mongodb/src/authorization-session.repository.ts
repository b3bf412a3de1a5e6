import type {
  AuthorizationSession,
  AuthorizationSessionRepository,
  Encryptor,
  JsonObject,
  Secret,
} from '@tenon/core';
import { above, below, type Filter } from './filter.js';
import { Rows } from './rows.js';
import { SecretField } from './secret-field.js';
import type { Session } from './session.js';

type SessionRow = Omit<AuthorizationSession, 'codeVerifier' | 'stepData'> & {
  readonly codeVerifier: string;
  readonly stepData: string | null;
};

const openAt = (stateHash: string, now: Date): Filter => ({
  stateHash,
  usedAt: null,
  expiresAt: above(now),
});

export class MongodbAuthorizationSessionRepository implements AuthorizationSessionRepository {
  readonly #rows: Rows;
  readonly #codeVerifier: SecretField<string>;
  readonly #stepData: SecretField<JsonObject>;

  constructor(session: Session, encryptor: Encryptor) {
    this.#rows = new Rows(session, 'authorizationSessions');
    const table = 'authorization_sessions';
    this.#codeVerifier = new SecretField(encryptor, { table, column: 'code_verifier' });
    this.#stepData = new SecretField(encryptor, { table, column: 'step_data' });
  }

  async insert(session: AuthorizationSession): Promise<void> {
    const codeVerifier = await this.#codeVerifier.seal(session.codeVerifier, session);
    const stepData = session.stepData && (await this.#stepData.seal(session.stepData, session));
    await this.#rows.of(session.tenantId).insert({ ...session, codeVerifier, stepData });
  }

  async #findOpen(stateHash: string, now: Date): Promise<SessionRow | null> {
    const row = await this.#rows.acrossTenants().findOne(openAt(stateHash, now));
    return row as SessionRow | null;
  }

  async findOpen(stateHash: string, now: Date): Promise<AuthorizationSession | null> {
    const row = await this.#findOpen(stateHash, now);
    return row && this.#open(row);
  }

  async advance(
    stateHash: string,
    change: { readonly step: number; readonly stepData: Secret<JsonObject>; readonly now: Date },
  ): Promise<AuthorizationSession | null> {
    const { step, now } = change;
    // The ciphertext is bound to the row's id, which the state alone does not tell.
    const current = await this.#findOpen(stateHash, now);
    if (current?.step !== step || step >= current.totalSteps) return null;
    const set = { stepData: await this.#stepData.seal(change.stepData, current) };
    const at = { ...openAt(stateHash, now), step };
    const row = await this.#rows.acrossTenants().change(at, { set, add: { step: 1 } });
    return row && this.#open(row as unknown as SessionRow);
  }

  async consume(stateHash: string, now: Date): Promise<AuthorizationSession | null> {
    // How many steps there are never changes, so that it may be read first.
    const current = await this.#findOpen(stateHash, now);
    if (current === null || current.step !== current.totalSteps) return null;
    const last = { ...openAt(stateHash, now), step: current.totalSteps };
    const row = await this.#rows.acrossTenants().change(last, { set: { usedAt: now } });
    return row && this.#open(row as unknown as SessionRow);
  }

  async #open(row: SessionRow): Promise<AuthorizationSession> {
    return {
      ...row,
      codeVerifier: await this.#codeVerifier.open(row.codeVerifier, row),
      stepData: row.stepData === null ? null : await this.#stepData.open(row.stepData, row),
    };
  }

  async deleteExpired(before: Date, limit: number): Promise<number> {
    const order = { sort: { expiresAt: 1 }, limit } as const;
    return this.#rows.acrossTenants().deleteSome({ expiresAt: below(before) }, order);
  }
}
