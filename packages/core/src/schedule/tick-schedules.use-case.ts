import type { Installation, InstallationId } from '../installation/installation.js';
import type { Integration } from '../integration/integration.js';
import type { JobParts } from '../job/job-parts.js';
import type { AppContext } from '../platform/context.js';
import { MAX_PAGE_LIMIT, decodeCursor } from '../platform/page.js';
import type { Cursor } from '../platform/page.js';
import { beginRun } from '../run/begin-run.js';
import type { Run } from '../run/run.js';
import type { TenantId } from '../tenant/tenant.js';
import { dueTimes } from './due-times.js';
import { StoredSchedules } from './tick-stored.js';
import type { TickCounts } from './tick-stored.js';

type Schedule = NonNullable<Integration['schedules']>[string];

/** A schedule that is due, for every installation of its integration. */
interface Due {
  readonly integration: Integration;
  readonly name: string;
  readonly schedule: Schedule;
  readonly time: Date;
  /** How many times before it are not made up for. */
  readonly missed: number;
}

const INSTALLATIONS = 100;

function keyPrefix(name: string): string {
  return `schedule:${name}:`;
}

/**
 * Starts the runs of schedules: of those that definitions declare, and of those that are stored. A run's key names its schedule and its time, so that of many processes one starts it. After a pause only
 * the latest time of each schedule starts; the others are counted as skipped.
 */
export class TickSchedules {
  constructor(private readonly parts: JobParts) {}

  async execute(
    context: AppContext,
    input: { readonly since: Date },
  ): Promise<{ readonly started: number; readonly skipped: number }> {
    const counts: TickCounts = { started: 0, skipped: 0 };
    await this.#tickDeclared(context, input.since, counts);
    await new StoredSchedules(this.parts).tick(context, counts);
    return counts;
  }

  async #tickDeclared(context: AppContext, since: Date, counts: TickCounts): Promise<void> {
    const now = this.parts.platform.clock.now();
    const suspended = new Map<TenantId, boolean>();
    for (const integration of this.parts.registry.integrations) {
      const due = this.#due(integration, { since, now });
      for (const { missed, name: schedule } of due) {
        if (missed === 0) continue;
        counts.skipped += missed;
        const facts = { integration: integration.name, schedule, missed };
        context.logger.warn('Times of a schedule passed while no scheduler ran', facts);
      }
      if (due.length === 0) continue;
      for await (const installation of this.#enabled(integration.name)) {
        if (await this.#isSuspended(installation.tenantId, suspended)) continue;
        for (const each of due) await this.#start(context, each, { installation, counts });
      }
    }
  }

  #due(integration: Integration, span: { readonly since: Date; readonly now: Date }): Due[] {
    return Object.entries(integration.schedules ?? {}).flatMap(([name, schedule]) => {
      const timeZone = schedule.timeZone ?? 'UTC';
      const times = dueTimes(this.parts.platform.cron, { cron: schedule.cron, timeZone }, span);
      return times
        ? [{ integration, name, schedule, time: times.latest, missed: times.missed }]
        : [];
    });
  }

  async *#enabled(integration: string): AsyncGenerator<Installation> {
    let after: InstallationId | null = null;
    for (;;) {
      const { installations } = this.parts.persistence;
      const page: readonly Installation[] = await installations.listEnabled(
        integration,
        after,
        INSTALLATIONS,
      );
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < INSTALLATIONS) return;
      after = last.id;
    }
  }

  async #isSuspended(tenantId: TenantId, known: Map<TenantId, boolean>): Promise<boolean> {
    const answer = known.get(tenantId);
    if (answer !== undefined) return answer;
    const tenant = await this.parts.persistence.tenants.find(tenantId);
    const suspended = tenant?.status !== 'active';
    known.set(tenantId, suspended);
    return suspended;
  }

  /** One installation's trouble is not another's. */
  async #start(
    context: AppContext,
    { integration, name, schedule, time }: Due,
    of: { readonly installation: Installation; readonly counts: TickCounts },
  ): Promise<void> {
    const { installation, counts } = of;
    const { id: installationId, tenantId } = installation;
    const logger = context.logger.child({ tenantId, installationId, schedule: name });
    const key = `${keyPrefix(name)}${time.toISOString()}`;
    try {
      if ((schedule.overlap ?? 'skip') === 'skip') {
        const last = await this.#atWork(installation, name);
        if (last?.key === key) return;
        if (last) {
          counts.skipped += 1;
          logger.info('A schedule was skipped: its last run is still at work', { runId: last.id });
          return;
        }
      }
      const { job, input } = schedule;
      const caller = { requestId: context.requestId, logger };
      const wish = { installation, integration, job, input, key };
      if ((await beginRun(this.parts, caller, wish)).begun) counts.started += 1;
    } catch (error) {
      logger.error('A schedule could not start its run', { error });
    }
  }

  /** The run of this schedule that is not finished, if there is one. */
  async #atWork({ tenantId, id: installationId }: Installation, name: string): Promise<Run | null> {
    for (const state of ['running', 'queued'] as const) {
      for (let after: Cursor | null = null; ;) {
        const query = { limit: MAX_PAGE_LIMIT, after };
        const page = await this.parts.persistence.runs.list(
          tenantId,
          { installationId, state },
          query,
        );
        const found = page.items.find(({ key }) => key?.startsWith(keyPrefix(name)));
        if (found) return found;
        if (page.nextCursor === null) break;
        after = decodeCursor(page.nextCursor);
      }
    }
    return null;
  }
}
