import type { Clock } from '../platform/clock.port.js';
import type { JsonObject } from '../platform/json.js';
import type { Logger } from '../platform/logger.port.js';
import { abandonable } from '../platform/link-signals.js';
import { isTenonError } from '../platform/tenon.error.js';
import type { HealthCheck, HealthReport } from './health.js';

/** What a check found. It is down when it throws. */
export interface Finding {
  readonly status: 'ok' | 'degraded';
  readonly details: JsonObject;
}

/** Checks by name. */
export type Checks = Readonly<Record<string, () => Promise<Finding> | Finding>>;

interface Tools {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Time for each check. */
  readonly timeoutMs: number;
}

async function runCheck(
  { clock, logger, timeoutMs }: Tools,
  name: string,
  check: () => Promise<Finding> | Finding,
): Promise<HealthCheck> {
  const began = clock.monotonicMs();
  const elapsed = (): number => Math.round(clock.monotonicMs() - began);
  const deadline = clock.deadline(timeoutMs);
  try {
    const finding = await abandonable((async () => check())(), deadline.signal);
    return { name, durationMs: elapsed(), ...finding };
  } catch (error) {
    logger.error('A health check failed', { check: name, error });
    // Messages may name hosts and users; the log has them, the answer has the code.
    const code = isTenonError(error) ? error.code : 'UNEXPECTED_ERROR';
    return { name, status: 'down', durationMs: elapsed(), details: { code } };
  } finally {
    deadline.dispose();
  }
}

function worst(checks: readonly HealthCheck[]): HealthReport['status'] {
  if (checks.some(({ status }) => status === 'down')) return 'down';
  return checks.some(({ status }) => status === 'degraded') ? 'degraded' : 'ok';
}

/** Runs checks at the same time, each with its own time limit. Never throws. */
export async function runChecks(tools: Tools, checks: Checks): Promise<HealthReport> {
  const results = await Promise.all(
    Object.entries(checks).map(([name, check]) => runCheck(tools, name, check)),
  );
  return { status: worst(results), checks: results, at: tools.clock.now() };
}
