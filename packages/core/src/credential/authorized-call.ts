import {
  providerInvalidResponse,
  providerRateLimited,
  providerRejected,
  providerTimeout,
  providerUnavailable,
} from '../connector/provider.errors.js';
import type { CallName } from '../connector/provider.errors.js';
import type { DomainEventData } from '../event/domain-event.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import type { Clock } from '../platform/clock.port.js';
import type { HttpClient, HttpResponse } from '../platform/http-client.port.js';
import { hasCode } from '../platform/tenon.error.js';
import { outcomeOf, outcomeOfError } from './call-outcome.js';
import type { CallOutcome } from './call-outcome.js';
import { authorize } from './call-plan.js';
import type { CallPlan } from './call-plan.js';
import type { ConnectionGate } from './connection-gate.js';
import type { CredentialSource, Patience } from './credential-source.js';
import type { PlacedCredential } from './placed-credential.js';
import { backoffMs, spreadMs } from './retry-after.js';

type RetryOutcome = Extract<CallOutcome, { kind: 'retry' }>;

/** Others may replace the credential under way, but not for ever. */
const MAX_REFUSALS = 3;

/** A connector's limits with their defaults. */
export interface CallLimits {
  readonly maxAttempts: number;
  readonly attemptTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxResponseBytes: number;
}

/** What every call of a client shares. */
export interface CallParts {
  readonly connector: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: CallLimits;
  readonly gate: () => ConnectionGate;
  readonly credentials: CredentialSource;
  /** Hears of every repetition. */
  readonly onRetry: (cause: DomainEventData['http.retried']['cause'], waitMs: number) => void;
}

/** What differs from call to call. */
export interface CallOptions {
  readonly signal: CancellationSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly acceptStatus: readonly number[] | undefined;
}

/** One call with all its attempts. */
export class AuthorizedCall {
  readonly #endMs: number;
  readonly #now = (): Date => this.parts.clock.now();
  #attempt = 0;
  #refused = 0;

  constructor(
    private readonly parts: CallParts,
    private readonly plan: CallPlan,
    private readonly options: CallOptions,
  ) {
    this.#endMs = parts.clock.monotonicMs() + parts.limits.totalTimeoutMs;
  }

  /** @throws TenonError, see `ApiClient`. */
  async send(): Promise<HttpResponse> {
    const { credentials } = this.parts;
    let credential = credentials.current(this.#patience());
    if (credential instanceof Promise) credential = await credential;
    for (;;) {
      this.#attempt += 1;
      const outcome = await this.#try(credential);
      if (outcome.kind === 'done') return outcome.response;
      if (outcome.kind === 'rejected') throw providerRejected(this.#name(), outcome.status);
      if (outcome.kind === 'unauthorized') credential = await this.#renew(credential);
      else {
        await this.#backOff(outcome);
        credential = await credentials.current(this.#patience());
      }
    }
  }

  async #try(credential: PlacedCredential): Promise<CallOutcome> {
    const { parts, plan, options } = this;
    const gate = parts.gate();
    let refusedForMs = gate.enter(this.#leftMs(), options.signal);
    if (typeof refusedForMs !== 'number') refusedForMs = await refusedForMs;
    if (refusedForMs > 0) throw providerRateLimited(this.#name(), refusedForMs);
    const { url, headers } = authorize(plan, credential);
    try {
      const response = await parts.http.send({
        method: plan.method,
        url,
        headers,
        timeoutMs: this.#attemptMs(),
        maxResponseBytes: parts.limits.maxResponseBytes,
        ...(plan.body !== undefined && { body: plan.body }),
        ...(options.signal && { signal: options.signal }),
      });
      return outcomeOf(response, options.acceptStatus, this.#now);
    } catch (error) {
      return this.#failed(error);
    } finally {
      gate.leave();
    }
  }

  #failed(error: unknown): CallOutcome {
    this.options.signal?.throwIfAborted();
    if (hasCode(error, 'HTTP_RESPONSE_TOO_LARGE')) {
      const { maxResponseBytes } = this.parts.limits;
      throw providerInvalidResponse(this.#name(), `more than ${maxResponseBytes} bytes`);
    }
    return outcomeOfError(error);
  }

  async #renew(used: PlacedCredential): Promise<PlacedCredential> {
    this.#refused += 1;
    const { credentials, onRetry } = this.parts;
    const again = this.#refused > 1;
    const next = await credentials.afterRejected(used, again, this.#patience());
    if (!next || this.#refused > MAX_REFUSALS) throw providerRejected(this.#name(), 401);
    onRetry('unauthorized', 0);
    return next;
  }

  async #backOff(outcome: RetryOutcome): Promise<void> {
    const { parts, options } = this;
    const { retryAfterMs } = outcome;
    const waitMs =
      retryAfterMs === null
        ? backoffMs(this.#attempt, parts.random)
        : spreadMs(retryAfterMs, parts.random);
    if (outcome.cause === 'rate_limit' || retryAfterMs !== null) {
      parts.gate().pause(retryAfterMs ?? waitMs);
    }
    const mayRepeat = this.plan.repeatable || outcome.untouched;
    if (!mayRepeat || this.#attempt >= parts.limits.maxAttempts || waitMs >= this.#leftMs()) {
      throw this.#errorOf(outcome, waitMs);
    }
    parts.onRetry(outcome.cause, waitMs);
    await parts.clock.sleep(waitMs, options.signal);
  }

  #errorOf(outcome: RetryOutcome, waitMs: number): Error {
    if (outcome.cause === 'rate_limit') return providerRateLimited(this.#name(), waitMs);
    if (hasCode(outcome.error, 'HTTP_TIMEOUT')) return providerTimeout(this.#name(), outcome.error);
    const { status, error, retryAfterMs } = outcome;
    return providerUnavailable(this.#name(), status === null ? {} : { status }, {
      ...(retryAfterMs !== null && { retryAfterMs: waitMs }),
      ...(error !== undefined && { cause: error }),
    });
  }

  #name(): CallName {
    const { plan, parts } = this;
    return { connector: parts.connector, method: plan.method, path: plan.path };
  }

  #patience(): Patience {
    return { maxWaitMs: this.#leftMs(), signal: this.options.signal };
  }

  #leftMs(): number {
    return this.#endMs - this.parts.clock.monotonicMs();
  }

  #attemptMs(): number {
    const limit = this.options.timeoutMs ?? this.parts.limits.attemptTimeoutMs;
    return Math.max(1, Math.ceil(Math.min(limit, this.#leftMs())));
  }
}
