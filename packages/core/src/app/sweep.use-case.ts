import { deleteInstallation } from '../installation/delete-installation.js';
import type { InstallationId } from '../installation/installation.js';
import { relayJobs } from '../job/relay-jobs.js';
import { unparkMended } from '../job/unpark-mended.js';
import type { AppContext } from '../platform/context.js';
import type { JsonObject } from '../platform/json.js';
import { hasCode } from '../platform/tenon.error.js';
import { reconcileTimers } from '../schedule/schedule-timers.js';
import { deleteTenant, type TenantDeletionParts } from '../tenant/delete-tenant.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UsageWindow } from '../usage/usage-counter.js';
import { USAGE_RETENTION_MS } from '../usage/usage-retention.js';

const BATCH = 1_000;
/** Uploads that did not end within a day never will. */
const PENDING_FILE_MS = 86_400_000;
/** Batches of one kind in one sweep; the next sweep does the rest. */
const MAX_BATCHES = 20;

/**
 * Deletes what has expired, goes on with interrupted deletions and with parked jobs that nothing blocks any more, and hands over what is left in the outbox. Safe to call from many processes.
 * What fails is logged and done by the next sweep. Answers counts by name; null for what failed.
 */
export class Sweep {
  constructor(private readonly parts: TenantDeletionParts) {}

  async execute(context: AppContext, _input: Record<string, never>): Promise<JsonObject> {
    const { authorizationSessions, inbox, states, websocketConnections } = this.parts.persistence;
    const now = this.parts.platform.clock.now();
    const tasks: Record<string, () => Promise<number>> = {
      sessions: () => batches((limit) => authorizationSessions.deleteExpired(now, limit)),
      inbox: () => batches((limit) => inbox.deleteExpired(now, limit)),
      states: () => batches((limit) => states.deleteExpired(now, limit)),
      websockets: () => batches((limit) => websocketConnections.deleteExpired(now, limit)),
      files: () => batches((limit) => this.#files(now, limit)),
      usage: () => this.#usage(now),
      installations: () => this.#deletions(context),
      parked: () => unparkMended(this.parts, context.logger),
      outbox: () => batches((limit) => relayJobs(this.parts, limit, context.logger)),
      timers: () => reconcileTimers(this.parts, context.logger),
      // Last: a large one takes its time.
      tenants: () => this.#tenants(context),
    };
    const counts: Record<string, number | null> = {};
    for (const [name, task] of Object.entries(tasks)) {
      try {
        counts[name] = await task();
      } catch (error) {
        counts[name] = null;
        context.logger.error('A part of the sweep failed; the next one repeats it', {
          name,
          error,
        });
      }
    }
    return counts;
  }

  async #files(now: Date, limit: number): Promise<number> {
    const { persistence, events } = this.parts;
    const pendingBefore = new Date(now.getTime() - PENDING_FILE_MS);
    const gone = await persistence.files.deleteExpired(
      { expiredBefore: now, pendingBefore },
      limit,
    );
    for (const { tenantId, id: fileId, location } of gone) {
      events.publish(tenantId, 'file.expired', { fileId, location });
    }
    return gone.length;
  }

  async #usage(now: Date): Promise<number> {
    const { usageCounters } = this.parts.persistence;
    let deleted = 0;
    for (const [unit, keptMs] of Object.entries(USAGE_RETENTION_MS) as [UsageWindow, number][]) {
      const before = new Date(now.getTime() - keptMs);
      deleted += await batches((limit) => usageCounters.deleteBefore(unit, before, limit));
    }
    return deleted;
  }

  async #deletions(context: AppContext): Promise<number> {
    let after: InstallationId | null = null;
    for (let deleted = 0; ;) {
      const page = await this.parts.persistence.installations.listDeleting(after, 100);
      for (const installation of page) {
        const { id: installationId } = installation;
        try {
          await deleteInstallation(this.parts, context, installation);
          deleted += 1;
        } catch (error) {
          context.logger.warn('A deletion could not go on', { installationId, error });
        }
        after = installationId;
      }
      if (page.length < 100) return deleted;
    }
  }

  async #tenants(context: AppContext): Promise<number> {
    let after: TenantId | null = null;
    for (let deleted = 0; ;) {
      const page = await this.parts.persistence.tenants.listDeleting(after, 100);
      for (const { id: tenantId } of page) {
        after = tenantId;
        try {
          if ((await deleteTenant(this.parts, context, { tenantId })).finished) deleted += 1;
        } catch (error) {
          if (hasCode(error, 'TENANT_DELETION_RUNNING')) continue;
          context.logger.warn('The deletion of a tenant could not go on', { tenantId, error });
        }
      }
      if (page.length < 100 || context.signal?.aborted) return deleted;
    }
  }
}

async function batches(work: (limit: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const count = await work(BATCH);
    total += count;
    if (count < BATCH) break;
  }
  return total;
}
