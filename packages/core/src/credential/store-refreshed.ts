import type { Clock } from '../platform/clock.port.js';
import type { Logger } from '../platform/logger.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import { hasCode } from '../platform/tenon.error.js';
import type { Credential } from './credential.js';
import { oauth2Material, withTokens } from './credential-state.js';
import type { OAuth2Tokens } from './oauth2-token-response.js';
import { readCredential } from './refresh-subject.js';
import type { RefreshSubject } from './refresh-subject.js';

/** How often storing is tried while the database is away: about half a minute with the waits below. */
const ATTEMPTS = 9;

function sameMaterial(a: Credential, b: Credential): boolean {
  const [left, right] = [oauth2Material(a), oauth2Material(b)];
  return left.accessToken === right.accessToken && left.refreshToken === right.refreshToken;
}

/**
 * What to write over a row that somebody changed while our token request was under way; null when theirs is the newer one.
 * Ours is newer when the row still has the tokens that we exchanged, or when the row's last attempt is ours: then an attempt
 * that began before ours came back late. A younger attempt of somebody else stays marked: it is still under way.
 */
export function reconcile(
  marked: Credential,
  current: Credential,
  refreshed: Credential,
): Credential | null {
  const fence = marked.refreshAttempt?.fence ?? 0;
  const theirs = current.refreshAttempt;
  if (!sameMaterial(marked, current) && theirs?.fence !== fence) return null;
  const younger = theirs !== null && theirs.fence > fence ? theirs : null;
  return { ...refreshed, refreshAttempt: younger, version: current.version };
}

/**
 * Stores what a refresh gave before anybody uses it. Never gives up a fresh token lightly, because the old one is spent: waits
 * for a database that is away, and reconciles with whoever else wrote. Answers the row that is stored in the end.
 */
export async function storeRefreshed(
  marked: Credential,
  tokens: OAuth2Tokens,
  parts: {
    readonly repositories: Pick<Repositories, 'credentials'>;
    readonly subject: RefreshSubject;
    readonly clock: Clock;
    readonly logger: Logger;
  },
): Promise<Credential> {
  const { repositories, subject, clock, logger } = parts;
  const refreshed = withTokens(marked, tokens, { auth: subject.auth, now: clock.now() });
  let next: Credential = refreshed;
  for (let failures = 0; ;) {
    try {
      return await repositories.credentials.update(next);
    } catch (error) {
      if (!hasCode(error, 'VERSION_CONFLICT')) {
        failures += 1;
        if (failures >= ATTEMPTS) throw error;
        const { connectionId } = subject;
        logger.error('A refreshed credential could not be stored; trying again', {
          connectionId,
          error,
        });
        await clock.sleep(Math.min(5_000, 100 * 2 ** failures));
        continue;
      }
    }
    const current = await readCredential(repositories, subject);
    const reconciled = reconcile(marked, current, refreshed);
    if (!reconciled) return current;
    next = reconciled;
  }
}
