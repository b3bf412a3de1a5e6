import type { AppContext } from '../platform/context.js';
import { CHECK_TIMEOUT_MS, checkDatabase, checkQueue } from './health-parts.js';
import type { HealthParts } from './health-parts.js';
import type { HealthReport } from './health.js';
import { runChecks } from './run-checks.js';

/** How long an answer is good for: whoever asks more often gets the same one. */
export const READINESS_TTL_MS = 1_000;

interface Answered {
  readonly report: HealthReport;
  readonly untilMs: number;
}

/**
 * Whether this process can do its work now: database and queue answer. Never throws. Open to everybody, so that calls at the
 * same time share one check, and its result is kept for a moment: no number of callers asks database and queue more often.
 */
export class CheckReadiness {
  #answered: Answered | null = null;
  #checking: Promise<HealthReport> | null = null;

  constructor(private readonly parts: HealthParts) {}

  async execute(context: AppContext, _input: Record<string, never>): Promise<HealthReport> {
    const now = this.parts.platform.clock.monotonicMs();
    if (this.#answered !== null && now < this.#answered.untilMs) return this.#answered.report;
    this.#checking ??= this.#check(context).finally(() => {
      this.#checking = null;
    });
    return this.#checking;
  }

  async #check(context: AppContext): Promise<HealthReport> {
    const { parts } = this;
    const { clock } = parts.platform;
    const timeoutMs = parts.checkTimeoutMs ?? CHECK_TIMEOUT_MS;
    const result = await runChecks(
      { clock, logger: context.logger, timeoutMs },
      { database: () => checkDatabase(parts), queue: () => checkQueue(parts) },
    );
    // This answer is open to everybody: depths of queues are for those with a key.
    const checks = result.checks.map((check) => ({ ...check, details: {} }));
    const report = { ...result, checks };
    const ttlMs = parts.readinessTtlMs ?? READINESS_TTL_MS;
    this.#answered = { report, untilMs: clock.monotonicMs() + ttlMs };
    return report;
  }
}
