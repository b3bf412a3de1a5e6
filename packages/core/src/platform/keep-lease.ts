import type { Clock, Deadline } from './clock.port.js';
import type { Lease, LeaseRepository } from './lease-repository.port.js';
import { onAbort } from './link-signals.js';
import type { Logger } from './logger.port.js';

/** A lease that renews itself. */
export interface KeptLease {
  /** Stops renewing and gives the lease back. Never throws: an unreleased lease ends by itself. */
  release(): Promise<void>;
}

/** Renews a lease every third of its time until it is released. A lost lease is not taken back. */
export function keepLease(
  lease: Lease,
  ttlMs: number,
  parts: { readonly leases: LeaseRepository; readonly clock: Clock; readonly logger: Logger },
): KeptLease {
  const { leases, clock, logger } = parts;
  let current: Lease | null = lease;
  let timer: Deadline | null = null;
  let renewal: Promise<void> = Promise.resolve();

  const renew = async (): Promise<void> => {
    try {
      if (current) current = await leases.renew(current, ttlMs, clock.now());
      if (current && timer) arm();
    } catch (error) {
      logger.warn('A lease could not be renewed', { key: lease.key, error });
      if (timer) arm();
    }
  };
  const arm = (): void => {
    timer = clock.deadline(ttlMs / 3);
    const onTime = (): void => {
      renewal = renew();
    };
    onAbort(timer.signal, onTime);
  };
  arm();

  return {
    release: async () => {
      timer?.dispose();
      timer = null;
      await renewal;
      if (!current) return;
      await leases.release(current).catch((error: unknown) => {
        logger.warn('A lease could not be released and ends by itself', { key: lease.key, error });
      });
    },
  };
}
