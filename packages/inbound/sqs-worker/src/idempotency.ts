import { randomUUID } from 'node:crypto';
import type { InboxLease, InboxRepository } from '@tenon/core';
import { leaseLost, workInProgress } from './worker.errors.js';

/** Where done work is remembered, and for how long. */
export interface IdempotencySettings {
  readonly inbox: InboxRepository;
  readonly leaseMs: number;
  readonly keepMs: number;
  readonly now: () => Date;
}

/** One piece of work and its identity. */
export interface IdentifiedWork {
  readonly identity: Omit<Parameters<InboxRepository['claim']>[0], 'owner' | 'leaseMs' | 'now'>;
  readonly run: () => unknown;
}

/** Prolongs the lease while the work runs. Answers how to stop. */
function keepAlive(settings: IdempotencySettings, lease: InboxLease): () => void {
  const timer = setInterval(() => {
    const until = new Date(settings.now().getTime() + settings.leaseMs);
    // A failed renewal shows at `complete`, where it matters.
    settings.inbox.renew(lease, until).catch(() => undefined);
  }, settings.leaseMs / 3);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/**
 * Runs work once per key: a key that is done is skipped, a key that another worker is at is tried again later.
 * @throws TenonError `WORK_IN_PROGRESS`, `WORK_LEASE_LOST`, and what the work throws.
 */
export async function runOnce(settings: IdempotencySettings, work: IdentifiedWork): Promise<void> {
  const { inbox, leaseMs, now } = settings;
  const { tenantId, key } = work.identity;
  const lease: InboxLease = { tenantId, key, owner: randomUUID() };
  const claim = await inbox.claim({ ...work.identity, owner: lease.owner, leaseMs, now: now() });
  if (claim.outcome === 'done') return;
  if (claim.outcome === 'in_progress') throw workInProgress(key, claim.retryAfterMs);
  const stop = keepAlive(settings, lease);
  try {
    await work.run();
  } catch (error) {
    await inbox.release(lease, { countAttempt: true }).catch(() => false);
    throw error;
  } finally {
    stop();
  }
  if (!(await inbox.complete(lease, new Date(now().getTime() + settings.keepMs))))
    throw leaseLost(key);
}
