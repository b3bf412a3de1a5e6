import type {
  AuthorizationSession,
  AuthorizationSessionRepository,
  EncryptionContext,
  JsonObject,
  Secret,
} from '@tenon/core';
import type { Access } from './access.js';
import type { AuthorizationSessionRow, Database } from './database.js';
import type { Sealer } from './sealer.js';

export class MemoryAuthorizationSessionRepository implements AuthorizationSessionRepository {
  constructor(
    private readonly access: Access,
    private readonly sealer: Sealer,
  ) {}

  async insert(session: AuthorizationSession): Promise<void> {
    const codeVerifier = await this.sealer.seal(session.codeVerifier, placeOf(session));
    const { stepData: filled } = session;
    const stepData = filled && (await this.sealer.seal(filled, placeOf(session, 'step_data')));
    return this.access.run(({ authorizationSessions }) => {
      authorizationSessions.insert({ ...session, codeVerifier, stepData });
    });
  }

  async findOpen(stateHash: string, now: Date): Promise<AuthorizationSession | null> {
    const row = await this.access.run((database) => openRow(database, stateHash, now));
    return row && this.#open(row);
  }

  async advance(
    stateHash: string,
    change: { readonly step: number; readonly stepData: Secret<JsonObject>; readonly now: Date },
  ): Promise<AuthorizationSession | null> {
    const { step, now } = change;
    const current = await this.access.run((database) => openRow(database, stateHash, now));
    if (current?.step !== step) return null;
    const stepData = await this.sealer.seal(change.stepData, placeOf(current, 'step_data'));
    const row = await this.access.run((database) => {
      const found = openRow(database, stateHash, now);
      if (found?.step !== step || step >= found.totalSteps) return null;
      const next = { ...found, step: step + 1, stepData };
      database.authorizationSessions.put(next);
      return next;
    });
    return row && this.#open(row);
  }

  async consume(stateHash: string, now: Date): Promise<AuthorizationSession | null> {
    const row = await this.access.run((database) => {
      const found = openRow(database, stateHash, now);
      if (!found || found.step !== found.totalSteps) return null;
      const used = { ...found, usedAt: now };
      database.authorizationSessions.put(used);
      return used;
    });
    return row && this.#open(row);
  }

  async #open(row: AuthorizationSessionRow): Promise<AuthorizationSession> {
    const codeVerifier = await this.sealer.open(row.codeVerifier, placeOf(row));
    const { stepData: filled } = row;
    if (filled === null) return { ...row, codeVerifier, stepData: null };
    const stepData = await this.sealer.open(filled, placeOf(row, 'step_data'));
    return { ...row, codeVerifier, stepData };
  }

  deleteExpired(before: Date, limit: number): Promise<number> {
    return this.access.run(({ authorizationSessions }) => {
      const expired = [...authorizationSessions.all()]
        .filter(({ expiresAt }) => expiresAt < before)
        .slice(0, limit);
      for (const { id } of expired) authorizationSessions.remove(id);
      return expired.length;
    });
  }
}

function openRow(
  { authorizationSessions }: Database,
  stateHash: string,
  now: Date,
): AuthorizationSessionRow | null {
  const found = authorizationSessions.by('state', stateHash);
  return found?.usedAt === null && found.expiresAt > now ? found : null;
}

function placeOf(
  { tenantId, id }: Pick<AuthorizationSession, 'tenantId' | 'id'>,
  column: 'code_verifier' | 'step_data' = 'code_verifier',
): EncryptionContext {
  return { tenantId, table: 'authorization_sessions', column, rowId: id };
}
