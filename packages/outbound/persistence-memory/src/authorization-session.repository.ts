import type {
  AuthorizationSession,
  AuthorizationSessionRepository,
  EncryptionContext,
} from '@tenon/core';
import type { Access } from './access.js';
import type { Sealer } from './sealer.js';

export class MemoryAuthorizationSessionRepository implements AuthorizationSessionRepository {
  constructor(
    private readonly access: Access,
    private readonly sealer: Sealer,
  ) {}

  async insert(session: AuthorizationSession): Promise<void> {
    const codeVerifier = await this.sealer.seal(session.codeVerifier, placeOf(session));
    return this.access.run(({ authorizationSessions }) => {
      authorizationSessions.insert({ ...session, codeVerifier });
    });
  }

  async consume(stateHash: string, now: Date): Promise<AuthorizationSession | null> {
    const row = await this.access.run(({ authorizationSessions }) => {
      const found = authorizationSessions.by('state', stateHash);
      if (found?.usedAt !== null || found.expiresAt <= now) return null;
      const used = { ...found, usedAt: now };
      authorizationSessions.put(used);
      return used;
    });
    if (row === null) return null;
    return { ...row, codeVerifier: await this.sealer.open(row.codeVerifier, placeOf(row)) };
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

function placeOf({
  tenantId,
  id,
}: Pick<AuthorizationSession, 'tenantId' | 'id'>): EncryptionContext {
  return { tenantId, table: 'authorization_sessions', column: 'code_verifier', rowId: id };
}
