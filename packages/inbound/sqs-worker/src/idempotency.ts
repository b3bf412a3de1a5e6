import { randomUUID } from 'node:crypto';
import type { InboxLease, InboxRepository } from '@tenon/core';
import { leaseLost, workInProgress } from './worker.errors.js';

/** Where done work is remembered, and for how long. */
export interface IdempotencySettings {
  readonly inbox: InboxRepository;
  /** Default: 60,000. */
  readonly leaseMs?: number;
  /** Default: 7 days. */
  readonly keepMs?: number;
}

/** One piece of work and its identity. */
export interface IdentifiedWork {
  readonly identity: Omit<Parameters<InboxRepository['claim']>[0], 'owner' | 'leaseMs' | 'now'>;
  readonly run: () => unknown;
}

const LEASE_MS = 60_000;
const KEEP_MS = 7 * 86_400_000;

function inMs(ms: number): Date {
  return new Date(Date.now() + ms);
}

/** Prolongs the lease while the work runs. Answers how to stop. */
function keepAlive(inbox: InboxRepository, lease: InboxLease, leaseMs: number): () => void {
  const timer = setInterval(() => {
    // A failed renewal shows at `complete`, where it matters.
    inbox.renew(lease, inMs(leaseMs)).catch(() => undefined);
  }, leaseMs / 3);
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
  const { inbox, leaseMs = LEASE_MS, keepMs = KEEP_MS } = settings;
  const { tenantId, installationId, key } = work.identity;
  const lease: InboxLease = { tenantId, key, owner: randomUUID() };
  const claim = await inbox.claim({ ...lease, installationId, leaseMs, now: new Date() });
  if (claim.outcome === 'done') return;
  if (claim.outcome === 'in_progress') throw workInProgress(key, claim.retryAfterMs);
  const stop = keepAlive(inbox, lease, leaseMs);
  try {
    await work.run();
  } catch (error) {
    await inbox.release(lease, { countAttempt: true }).catch(() => false);
    throw error;
  } finally {
    stop();
  }
  if (!(await inbox.complete(lease, inMs(keepMs)))) throw leaseLost(key);
}
