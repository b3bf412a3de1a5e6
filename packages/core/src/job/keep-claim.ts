import type { Deadline } from '../platform/clock.port.js';
import { onAbort } from '../platform/link-signals.js';
import type { Logger } from '../platform/logger.port.js';
import { jobLeaseLost } from './job.errors.js';
import { leaseEnd } from './job-claim.js';
import type { JobClaim } from './job-claim.js';
import type { DispatchParts } from './job-parts.js';

/** A claim that is kept while a handler works. */
export interface KeptClaim {
  /** Stops renewing; waits for a renewal in hand. */
  stop(): Promise<void>;
}

/** Renews a claim every third of its time. `onLost` is told when it is gone, or could not be renewed in time. */
export function keepClaim(
  parts: Pick<DispatchParts, 'persistence' | 'platform' | 'settings'>,
  claim: JobClaim,
  notify: {
    readonly logger: Logger;
    readonly onLost: (reason: unknown) => void;
    /** Called at every renewal; to look whether the work is still wanted. */
    readonly onRenewed: () => Promise<void>;
  },
): KeptClaim {
  const { clock } = parts.platform;
  const { leaseMs } = parts.settings;
  let until = leaseEnd(clock, leaseMs);
  let timer: Deadline | null = null;
  let renewal = Promise.resolve();

  const renew = async (): Promise<boolean> => {
    try {
      const next = leaseEnd(clock, leaseMs);
      if (!(await claim.renew(parts.persistence, next))) return false;
      until = next;
      await notify.onRenewed();
      return true;
    } catch (error) {
      notify.logger.warn("A job's claim could not be renewed", { error });
      return clock.now() < until;
    }
  };
  const arm = (): void => {
    timer = clock.deadline(leaseMs / 3);
    onAbort(timer.signal, () => {
      renewal = turn();
    });
  };
  const turn = async (): Promise<void> => {
    if (!(await renew())) notify.onLost(jobLeaseLost());
    else if (timer) arm();
  };
  arm();
  return {
    stop: async () => {
      timer?.dispose();
      timer = null;
      await renewal;
    },
  };
}
