import { hasCode } from './tenon.error.js';

/** Many workers may change one row at once; each repetition means that one of them did. */
const ATTEMPTS = 50;

/**
 * Repeats work that reads, changes and compares when somebody else was faster; `work` reads anew each time.
 * @throws VersionConflictError after fifty lost races.
 */
export async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS || !hasCode(error, 'VERSION_CONFLICT')) throw error;
    }
  }
}
