import type { Installation } from '../installation/installation.js';
import type { JobParts } from '../job/job-parts.js';
import type { AppContext } from '../platform/context.js';
import { isTenonError } from '../platform/tenon.error.js';
import { beginRun } from '../run/begin-run.js';
import { isFinished } from '../run/run.js';
import type { Run } from '../run/run.js';
import { catchUp } from './catch-up.js';
import type { CatchUp } from './catch-up.js';
import type { ClaimedSchedule } from './schedule-repository.port.js';
import type { ScheduleMiss } from './schedule.js';
import type { TimerKey } from './scheduler.port.js';

/** Runs that were started, and times that started none. */
export interface TickCounts {
  started: number;
  skipped: number;
}

/** A timer fired. */
interface Wake {
  readonly now: Date;
  readonly only: TimerKey;
}

/** A claim, and the time at which it was made. */
interface Claim extends ClaimedSchedule {
  readonly now: Date;
}

/** Schedules of one claim, and claims of one tick; the next tick takes the rest. */
const BATCH = 50;
const MAX_BATCHES = 40;

/** A tick that dies gives its claims to the next one; what waits for the end of a run is looked at as often. */
const LEASE_MS = 50_000;

/** Starts the runs of stored schedules that are due. Of many processes, one starts each. */
export class StoredSchedules {
  constructor(private readonly parts: JobParts) {}

  /** With `wake`: for one schedule alone, whose scheduler's clock may be ahead of ours. */
  async tick(context: AppContext, counts: TickCounts, wake?: Wake): Promise<void> {
    const { persistence, platform } = this.parts;
    const owner = platform.ids.next();
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const now = wake?.now ?? platform.clock.now();
      const order = { now, limit: BATCH, owner, leaseMs: LEASE_MS, only: wake?.only };
      const claims = await persistence.schedules.claimDue(order);
      for (const claim of claims) {
        const { id: scheduleId, tenantId, installationId } = claim.schedule;
        const logger = context.logger.child({ tenantId, installationId, scheduleId });
        try {
          await this.#start({ ...context, logger }, { ...claim, now }, counts);
        } catch (error) {
          logger.error('A schedule could not start its run; it is tried again', { error });
        }
      }
      const due = claims.some(({ schedule }) => schedule.catchUp === 'all');
      if (claims.length < BATCH && !due) return;
    }
  }

  async #start(context: AppContext, claim: Claim, counts: TickCounts): Promise<void> {
    const { schedule } = claim;
    const plan = catchUp(this.parts.platform.cron, schedule, claim);
    const settle = this.#settler(context, claim, { ...plan, counts });
    const { time } = plan;
    if (time === null) return settle(null, null);
    const installation = await this.#ready(claim);
    if (!installation) return settle(null, 'not_enabled');
    const last = await this.#atWork(claim);
    // The claim stays until it ends; then the time is claimed again.
    if (last && schedule.overlap === 'queue') return;
    if (last && schedule.overlap === 'skip') return settle(null, 'overlap');
    const integration = this.parts.registry.integration(installation.integration);
    const key = `schedule:${schedule.id}:${time.toISOString()}`;
    const wish = { installation, integration, job: schedule.job, key };
    try {
      // Null stands for no input, which jobs without a schema take.
      const input = schedule.input ?? undefined;
      const { run, begun } = await beginRun(this.parts, context, { ...wish, input });
      await settle(run, null);
      if (begun) counts.started += 1;
    } catch (error) {
      if (!isTenonError(error) || error.retryable) throw error;
      context.logger.error('A schedule names work that is refused', { error });
      await settle(null, 'failed');
    }
  }

  /** Ends the claim: with the run that was begun, or with the reason why there is none. */
  #settler(context: AppContext, claim: Claim, plan: CatchUp & { readonly counts: TickCounts }) {
    return async (run: Run | null, miss: ScheduleMiss | null): Promise<void> => {
      const at = this.parts.platform.clock.now();
      const { next: nextAt, time, lastMissed: late, counts } = plan;
      const missed = plan.missed + (miss === null ? 0 : 1);
      const started = run && { runId: run.id, at };
      const lastMissed =
        miss !== null && time !== null
          ? { at: time, reason: miss }
          : late && { at: late, reason: 'late' as const };
      const outcome = { nextAt, missed, lastMissed, started, at };
      if (!(await this.parts.persistence.schedules.settle(claim, outcome))) return;
      counts.skipped += missed;
      if (plan.missed > 0) this.#report(context, claim, { missed: plan.missed, reason: 'late' });
      if (miss !== null) this.#report(context, claim, { missed: 1, reason: miss });
    };
  }

  #report(
    context: AppContext,
    claim: Claim,
    what: { readonly missed: number; readonly reason: ScheduleMiss },
  ): void {
    const { id: scheduleId, tenantId, installationId, name } = claim.schedule;
    this.parts.events.publish(tenantId, 'schedule.missed', {
      ...{ scheduleId, installationId, name, ...what },
    });
    context.logger.warn('Times of a schedule started no run', { name, ...what });
  }

  /** The installation, if its jobs run. */
  async #ready({ schedule }: Claim): Promise<Installation | null> {
    const { installations, tenants } = this.parts.persistence;
    const installation = await installations.find(schedule.tenantId, schedule.installationId);
    if (installation?.status !== 'enabled') return null;
    if (!this.parts.registry.findIntegration(installation.integration)) return null;
    const tenant = await tenants.find(schedule.tenantId);
    return tenant?.status === 'active' ? installation : null;
  }

  async #atWork({ schedule }: Claim): Promise<boolean> {
    const { tenantId, lastRunId, overlap } = schedule;
    if (lastRunId === null || overlap === 'allow') return false;
    const run = await this.parts.persistence.runs.find(tenantId, lastRunId);
    return run !== null && !isFinished(run.state);
  }
}
