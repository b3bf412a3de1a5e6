import type { AuthorizationSession } from './authorization-session.js';

export interface AuthorizationSessionRepository {
  insert(session: AuthorizationSession): Promise<void>;
  /**
   * Marks the session used and answers it, if it exists, is unused and not expired at `now`: one atomic statement, so that
   * of any number of callers with one state exactly one gets it. Null for everybody else.
   */
  consume(stateHash: string, now: Date): Promise<AuthorizationSession | null>;
  /** Deletes sessions that expired before `before`; at most `limit`. Answers how many. */
  deleteExpired(before: Date, limit: number): Promise<number>;
}
