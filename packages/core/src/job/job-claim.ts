import type { Clock } from '../platform/clock.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { InboxLease, InboxRepository } from './inbox-repository.port.js';
import type { DispatchParts } from './job-parts.js';
import { inboxKey, onceKey } from './job.js';
import type { JobMessage } from './job.js';

type WithInbox = Pick<Repositories, 'inbox'>;

/** The right to work on a job, and on its key when it has one. Every method answers false when it was lost. */
export class JobClaim {
  constructor(
    private readonly job: InboxLease,
    private readonly key: InboxLease | null,
    /** Tries so far, this one included. */
    readonly attempt: number,
  ) {}

  async renew({ inbox }: WithInbox, until: Date): Promise<boolean> {
    return this.#both((lease) => inbox.renew(lease, until));
  }

  /** The job is done, and so is its key. */
  async complete({ inbox }: WithInbox, keepUntil: Date): Promise<boolean> {
    return this.#both((lease) => inbox.complete(lease, keepUntil));
  }

  /** The job is settled without having been done: another job may have its key. */
  async close({ inbox }: WithInbox, keepUntil: Date): Promise<boolean> {
    return (await inbox.complete(this.job, keepUntil)) && (await this.#freeKey(inbox));
  }

  /** The job may be claimed again at once. */
  async release(
    { inbox }: WithInbox,
    options: { readonly countAttempt: boolean },
  ): Promise<boolean> {
    return (await inbox.release(this.job, options)) && (await this.#freeKey(inbox));
  }

  async #freeKey(inbox: InboxRepository): Promise<boolean> {
    if (!this.key) return true;
    if (!(await inbox.release(this.key, { countAttempt: true }))) return false;
    await inbox.forget(this.key.tenantId, this.key.key);
    return true;
  }

  async #both(change: (lease: InboxLease) => Promise<boolean>): Promise<boolean> {
    return (await change(this.job)) && (this.key === null || (await change(this.key)));
  }
}

/** Answer to the wish to work on a job. `superseded`: another job with its key was done; the claim is on the job alone. */
export type ClaimResult =
  | { readonly outcome: 'claimed' | 'superseded'; readonly claim: JobClaim }
  | { readonly outcome: 'done' }
  | { readonly outcome: 'in_progress'; readonly retryAfterMs: number };

async function claimOne(
  parts: Pick<DispatchParts, 'platform' | 'settings'> & { readonly inbox: InboxRepository },
  message: JobMessage,
  key: string,
): Promise<{
  readonly lease: InboxLease;
  readonly result: Awaited<ReturnType<InboxRepository['claim']>>;
}> {
  const { tenantId, installationId } = message;
  const owner = parts.platform.crypto.randomToken(16);
  const { leaseMs } = parts.settings;
  const now = parts.platform.clock.now();
  const claim = { tenantId, installationId, key, owner, leaseMs, now };
  return { lease: { tenantId, key, owner }, result: await parts.inbox.claim(claim) };
}

/** Claims a job, then its key. */
export async function claimJob(
  parts: Pick<DispatchParts, 'persistence' | 'platform' | 'settings'>,
  message: JobMessage,
): Promise<ClaimResult> {
  const { inbox } = parts.persistence;
  const tools = { inbox, platform: parts.platform, settings: parts.settings };
  const job = await claimOne(tools, message, inboxKey(message));
  if (job.result.outcome !== 'claimed') return job.result;
  const { attempt } = job.result;
  const once = onceKey(message);
  if (once === null) return { outcome: 'claimed', claim: new JobClaim(job.lease, null, attempt) };
  const key = await claimOne(tools, message, once);
  if (key.result.outcome === 'claimed') {
    return { outcome: 'claimed', claim: new JobClaim(job.lease, key.lease, attempt) };
  }
  const claim = new JobClaim(job.lease, null, attempt);
  if (key.result.outcome === 'done') return { outcome: 'superseded', claim };
  await claim.release({ inbox }, { countAttempt: false });
  return key.result;
}

/** Until when a lease that begins now lasts. */
export function leaseEnd(clock: Clock, leaseMs: number): Date {
  return new Date(clock.now().getTime() + leaseMs);
}
