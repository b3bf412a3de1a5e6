import type { AppContext } from '../platform/context.js';
import { CHECK_TIMEOUT_MS, checkDatabase, checkQueue } from './health-parts.js';
import type { HealthParts } from './health-parts.js';
import type { HealthReport } from './health.js';
import { runChecks } from './run-checks.js';

/** Whether this process can do its work now: database and queue answer. Never throws. */
export class CheckReadiness {
  constructor(private readonly parts: HealthParts) {}

  async execute(context: AppContext, _input: Record<string, never>): Promise<HealthReport> {
    const { parts } = this;
    const timeoutMs = parts.checkTimeoutMs ?? CHECK_TIMEOUT_MS;
    const tools = { clock: parts.platform.clock, logger: context.logger, timeoutMs };
    const report = await runChecks(tools, {
      database: () => checkDatabase(parts),
      queue: () => checkQueue(parts),
    });
    // This answer is open to everybody: depths of queues are for those with a key.
    return { ...report, checks: report.checks.map((check) => ({ ...check, details: {} })) };
  }
}
