import type { Clock } from '../platform/clock.port.js';
import { hasCode } from '../platform/tenon.error.js';
import type { UserRepository } from './user-repository.port.js';
import type { User, UserId } from './user.js';
import type { TenantId } from '../tenant/tenant.js';

/** Failures in a row after which log-in pauses. */
export const MAX_FAILED_LOGINS = 5;
/** How long it pauses. */
export const LOCKOUT_MS = 15 * 60_000;

/** Many failures may be written at once; each repetition means that another one was. */
const MAX_WRITES = 50;

interface Parts {
  readonly users: UserRepository;
  readonly clock: Clock;
}

/** No user has this id: statements about it cost a round trip and change nothing. */
const DECOY: User = {
  id: '00000000-0000-7000-8000-000000000000' as UserId,
  tenantId: '00000000-0000-7000-8000-000000000000' as TenantId,
  kind: 'individual',
  username: null,
  email: null,
  appUserId: null,
  passwordHash: null,
  status: 'disabled',
  failedLogins: 0,
  lockedUntil: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  version: 1,
};

/** True while log-in pauses. */
export function isLocked(user: User, now: Date): boolean {
  return user.lockedUntil !== null && user.lockedUntil > now;
}

function afterFailure(user: User, now: Date): User {
  // Written all the same: a pause must not be faster than a count.
  if (isLocked(user, now)) return user;
  // A pause that is over starts the count again.
  const failedLogins = (user.lockedUntil === null ? user.failedLogins : 0) + 1;
  const lockedUntil =
    failedLogins >= MAX_FAILED_LOGINS ? new Date(now.getTime() + LOCKOUT_MS) : null;
  return { ...user, failedLogins, lockedUntil, updatedAt: now };
}

/** Counts a failed log-in. Without a user it makes the same statements about nobody, so that time tells nothing. */
export async function countFailure(parts: Parts, user: User | null): Promise<void> {
  const { tenantId, id } = user ?? DECOY;
  try {
    await changeUser(parts, { tenantId, id }, (current, now) =>
      afterFailure(current ?? DECOY, now),
    );
  } catch (error) {
    // So many others were counted meanwhile that log-in pauses already.
    if (!hasCode(error, 'VERSION_CONFLICT')) throw error;
  }
}

/**
 * Reads and changes a user until nobody came in between. `change` gets null when there is no such user, and answers null to
 * leave it as it is. Answers the row as it is then.
 */
export async function changeUser(
  parts: Parts,
  key: { readonly tenantId: TenantId; readonly id: UserId },
  change: (current: User | null, now: Date) => User | null,
): Promise<User | null> {
  for (let write = 1; ; write += 1) {
    const current = await parts.users.find(key.tenantId, key.id);
    const changed = change(current, parts.clock.now());
    if (!changed) return current;
    try {
      return await parts.users.update(changed);
    } catch (error) {
      if (!hasCode(error, 'VERSION_CONFLICT') || write >= MAX_WRITES) throw error;
      if (!current) return null;
    }
  }
}
