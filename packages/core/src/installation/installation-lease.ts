import { keepLease } from '../platform/keep-lease.js';
import type { Logger } from '../platform/logger.port.js';
import type { DispatchParts } from '../job/job-parts.js';
import { installationBusy } from './installation.errors.js';
import type { InstallationId } from './installation.js';

const LEASE_MS = 30_000;

/** Does one thing at a time with an installation's life. @throws TenonError `INSTALLATION_BUSY`, what `work` throws. */
export async function withInstallationLease<T>(
  parts: Pick<DispatchParts, 'persistence' | 'platform'>,
  of: { readonly id: InstallationId; readonly logger: Logger },
  work: () => Promise<T>,
): Promise<T> {
  const { leases } = parts.persistence;
  const { clock, crypto } = parts.platform;
  const lease = await leases.acquire({
    key: `installation/${of.id}`,
    owner: crypto.randomToken(16),
    ttlMs: LEASE_MS,
    now: clock.now(),
  });
  if (!lease) throw installationBusy(of.id);
  const kept = keepLease(lease, LEASE_MS, { leases, clock, logger: of.logger });
  try {
    return await work();
  } finally {
    await kept.release();
  }
}
