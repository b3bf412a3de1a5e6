import type { JsonObject } from '../platform/json.js';
import type { Secret } from '../platform/secret.js';
import type { AuthorizationSession } from './authorization-session.js';

export interface AuthorizationSessionRepository {
  insert(session: AuthorizationSession): Promise<void>;
  /** The session, if it exists, is unused and not expired at `now`; nothing is used up. */
  findOpen(stateHash: string, now: Date): Promise<AuthorizationSession | null>;
  /**
   * Goes on from `step` to the next one with what was filled in so far, if the session is open at `now`, at that step and not
   * at its last: one atomic statement, so that of any number of callers with one step exactly one goes on. The expiry stays.
   * Answers the session as it is then; null for everybody else.
   */
  advance(
    stateHash: string,
    change: { readonly step: number; readonly stepData: Secret<JsonObject>; readonly now: Date },
  ): Promise<AuthorizationSession | null>;
  /**
   * Marks the session used and answers it, if it exists, is at its last step, unused and not expired at `now`: one atomic statement, so that
   * of any number of callers with one state exactly one gets it. Null for everybody else.
   */
  consume(stateHash: string, now: Date): Promise<AuthorizationSession | null>;
  /** Deletes sessions that expired before `before`; at most `limit`. Answers how many. */
  deleteExpired(before: Date, limit: number): Promise<number>;
}
