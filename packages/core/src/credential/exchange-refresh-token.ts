import { connectionNeedsReauthorization } from '../connection/connection.errors.js';
import type { Credential } from './credential.js';
import { oauth2Material } from './credential-state.js';
import { markNeedsReauthorization } from './mark-needs-reauthorization.js';
import { requestTokens } from './oauth2-token-request.js';
import type { RefreshSubject } from './refresh-subject.js';
import type { RefresherParts } from './refresher-parts.js';
import { storeRefreshed } from './store-refreshed.js';

/** What became of one marked attempt. */
export type ExchangeResult =
  | { readonly kind: 'refreshed'; readonly credential: Credential }
  /** Somebody else is or was faster: read the row again. */
  | { readonly kind: 'superseded' }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly retryAfterMs: number | null;
      readonly error?: unknown;
    };

/** The app's own client is wrong: asking again soon is of no use, and no user can mend it. */
const CLIENT_REFUSED_COOL_DOWN_MS = 60_000;

/**
 * Sends the refresh token of a marked row and stores the outcome.
 * @throws TenonError `CONNECTION_NEEDS_REAUTHORIZATION` when the provider refuses the grant and the row is still the same.
 */
export async function exchangeRefreshToken(
  subject: RefreshSubject,
  marked: Credential,
  parts: RefresherParts,
): Promise<ExchangeResult> {
  const { clock, logger, persistence, times } = parts;
  const { refreshToken } = oauth2Material(marked);
  if (refreshToken === null) return refuse(subject, marked, { parts, code: 'no_refresh_token' });
  // The others count from the marker: whoever was held up since must not send what they may be sending by now.
  const startedAtMs = marked.refreshAttempt?.startedAt.getTime() ?? 0;
  const timeoutMs = startedAtMs + times.tokenTimeoutMs - clock.now().getTime();
  if (timeoutMs <= 0) return { kind: 'superseded' };
  const grant = { type: 'refresh_token', refreshToken } as const;
  const outcome = await requestTokens(subject.auth, grant, { ...parts, timeoutMs });
  switch (outcome.kind) {
    case 'granted': {
      const credential = await storeRefreshed(marked, outcome.tokens, {
        repositories: persistence,
        subject,
        clock,
        logger,
      });
      return { kind: 'refreshed', credential };
    }
    case 'refused':
      return refuse(subject, marked, { parts, code: outcome.code });
    case 'client_refused':
      logger.error('The token endpoint refuses the client of this app; check its configuration', {
        connector: subject.connector,
        code: outcome.code,
      });
      return {
        kind: 'failed',
        code: outcome.code,
        retryAfterMs: CLIENT_REFUSED_COOL_DOWN_MS,
      };
    case 'unavailable':
      return {
        kind: 'failed',
        code: outcome.code,
        retryAfterMs: outcome.retryAfterMs,
        error: outcome.error,
      };
  }
}

async function refuse(
  subject: RefreshSubject,
  marked: Credential,
  how: { readonly parts: RefresherParts; readonly code: string },
): Promise<ExchangeResult> {
  const { parts, code } = how;
  const { connectionId, connector, tenantId } = subject;
  const failed = { credential: marked, connector, code };
  if (!(await markNeedsReauthorization(failed, parts))) return { kind: 'superseded' };
  parts.events.publish(tenantId, 'credential.refresh_failed', { connectionId, connector, code });
  throw connectionNeedsReauthorization({ id: connectionId, connector });
}
