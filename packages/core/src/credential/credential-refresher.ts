import { providerRateLimited, providerUnavailable } from '../connector/provider.errors.js';
import { keepLease } from '../platform/keep-lease.js';
import { abandonable } from '../platform/link-signals.js';
import { hasCode } from '../platform/tenon.error.js';
import type { Credential } from './credential.js';
import type { Patience } from './credential-source.js';
import { isFresh, isUsable, withCoolDown } from './credential-state.js';
import type { RefreshNeed } from './credential-state.js';
import { exchangeRefreshToken } from './exchange-refresh-token.js';
import { readCredential, requireActive, tokenCall } from './refresh-subject.js';
import type { RefreshSubject } from './refresh-subject.js';
import type { RefresherParts } from './refresher-parts.js';

const FIRST_POLL_MS = 50;
const LAST_POLL_MS = 500;

/**
 * Refreshes OAuth credentials once across processes: one flight per connection in this process, one lease in the database, and a
 * marker in the row that is stored before the refresh token is sent. Whoever comes later reads the row again and finds the new
 * token, waits while an attempt is under way, or, when its time is over and its outcome unknown, tries once more.
 */
export class CredentialRefresher {
  readonly #flights = new Map<string, Promise<Credential>>();

  constructor(private readonly parts: RefresherParts) {}

  /**
   * Answers a credential that meets the need. The refresh itself goes on when the caller gives up.
   * @throws TenonError `CONNECTION_NEEDS_REAUTHORIZATION`, `PROVIDER_UNAVAILABLE`, `PROVIDER_RATE_LIMITED`, or the signal's reason.
   */
  async obtain(
    subject: RefreshSubject,
    need: RefreshNeed,
    patience: Patience,
  ): Promise<Credential> {
    const { clock } = this.parts;
    const deadline = clock.deadline(Math.max(1, patience.maxWaitMs), patience.signal);
    try {
      for (;;) {
        const running = this.#flights.get(subject.connectionId);
        const flight = running ?? this.#takeOff(subject, need);
        const credential = await abandonable(flight, deadline.signal);
        // The flight that was joined may have had another need: a token may be fresh and yet be the one that was refused.
        if (!running || isUsable(credential, need, clock.now().getTime())) return credential;
      }
    } catch (error) {
      if (patience.signal?.aborted || !hasCode(error, 'DEADLINE_EXCEEDED')) throw error;
      throw providerUnavailable(tokenCall(subject), {}, { retryAfterMs: 1_000 });
    } finally {
      deadline.dispose();
    }
  }

  #takeOff(subject: RefreshSubject, need: RefreshNeed): Promise<Credential> {
    const flight = this.#refresh(subject, need).finally(() =>
      this.#flights.delete(subject.connectionId),
    );
    this.#flights.set(subject.connectionId, flight);
    return flight;
  }

  async #refresh(subject: RefreshSubject, need: RefreshNeed): Promise<Credential> {
    const { clock, persistence, random, times } = this.parts;
    const endMs = clock.monotonicMs() + 3 * (times.tokenTimeoutMs + times.attemptGraceMs);
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(LAST_POLL_MS, pollMs * 2)) {
      const credential = await readCredential(persistence, subject);
      const settled = this.#settle(subject, credential, need);
      if (settled) return settled;
      await requireActive(persistence, subject);
      const refreshed = await this.#lead(subject, credential, need);
      if (refreshed) return refreshed;
      if (isUsable(credential, need, clock.now().getTime())) return credential;
      if (clock.monotonicMs() > endMs) throw providerUnavailable(tokenCall(subject), {});
      await clock.sleep(Math.ceil(pollMs * (0.5 + random() / 2)));
    }
  }

  /** Nothing to do, or nothing to be done now; null when a refresh is due. */
  #settle(subject: RefreshSubject, credential: Credential, need: RefreshNeed): Credential | null {
    const nowMs = this.parts.clock.now().getTime();
    if (isFresh(subject.auth, credential, { need, nowMs })) return credential;
    const coolMs = (credential.refreshNotBefore?.getTime() ?? 0) - nowMs;
    if (coolMs <= 0) return null;
    if (isUsable(credential, need, nowMs)) return credential;
    throw providerUnavailable(tokenCall(subject), {}, { retryAfterMs: coolMs });
  }

  #isUnderWay(credential: Credential): boolean {
    const startedAt = credential.refreshAttempt?.startedAt;
    if (!startedAt) return false;
    const { clock, times } = this.parts;
    const endMs = startedAt.getTime() + times.tokenTimeoutMs + times.attemptGraceMs;
    return clock.now().getTime() < endMs;
  }

  /** Tries to be the one who refreshes. Null when somebody else is at it. */
  async #lead(
    subject: RefreshSubject,
    seen: Credential,
    need: RefreshNeed,
  ): Promise<Credential | null> {
    if (this.#isUnderWay(seen)) return null;
    const { persistence, clock, crypto, logger, times } = this.parts;
    const lease = await persistence.leases.acquire({
      key: `credential:${seen.id}:refresh`,
      owner: crypto.randomToken(16),
      ttlMs: times.leaseMs,
      now: clock.now(),
    });
    if (!lease) return null;
    const kept = keepLease(lease, times.leaseMs, { leases: persistence.leases, clock, logger });
    try {
      const credential = await readCredential(persistence, subject);
      const settled = this.#settle(subject, credential, need);
      if (settled) return settled;
      if (this.#isUnderWay(credential)) return null;
      const marked = await this.#mark(credential, lease.fence);
      return marked && (await this.#exchange(subject, marked, need));
    } finally {
      await kept.release();
    }
  }

  /** Stores that the refresh token is about to be sent. Null when somebody else changed the row. */
  async #mark(credential: Credential, fence: number): Promise<Credential | null> {
    const refreshAttempt = { fence, startedAt: this.parts.clock.now() };
    try {
      return await this.parts.persistence.credentials.update({ ...credential, refreshAttempt });
    } catch (error) {
      if (hasCode(error, 'VERSION_CONFLICT')) return null;
      throw error;
    }
  }

  async #exchange(
    subject: RefreshSubject,
    marked: Credential,
    need: RefreshNeed,
  ): Promise<Credential | null> {
    const { events } = this.parts;
    const { tenantId, connectionId, connector } = subject;
    const result = await exchangeRefreshToken(subject, marked, this.parts);
    if (result.kind === 'refreshed') {
      events.publish(tenantId, 'credential.refreshed', { connectionId, connector });
      return result.credential;
    }
    if (result.kind === 'superseded') return null;
    events.publish(tenantId, 'credential.refresh_failed', {
      connectionId,
      connector,
      code: result.code,
    });
    return this.#coolDown(subject, { marked, need, result });
  }

  async #coolDown(
    subject: RefreshSubject,
    failure: {
      readonly marked: Credential;
      readonly need: RefreshNeed;
      readonly result: {
        readonly retryAfterMs: number | null;
        readonly code: string;
        readonly error?: unknown;
      };
    },
  ): Promise<Credential | null> {
    const { marked, need, result } = failure;
    const { clock, persistence } = this.parts;
    const now = clock.now();
    const cooling = withCoolDown(marked, result.retryAfterMs, now);
    let stored: Credential;
    try {
      stored = await persistence.credentials.update(cooling);
    } catch (error) {
      if (hasCode(error, 'VERSION_CONFLICT')) return null;
      throw error;
    }
    if (isUsable(stored, need, now.getTime())) return stored;
    const retryAfterMs = (stored.refreshNotBefore?.getTime() ?? 0) - now.getTime();
    const call = tokenCall(subject);
    if (result.code === 'rate_limited') throw providerRateLimited(call, retryAfterMs);
    throw providerUnavailable(call, { reason: result.code }, { retryAfterMs, cause: result.error });
  }
}
