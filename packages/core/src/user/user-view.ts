import type { User } from './user.js';

/** A user as callers see it. */
export type UserView = Omit<User, 'passwordHash' | 'failedLogins' | 'lockedUntil'>;

/** Leaves out what callers must not see. */
export function toUserView(user: User): UserView {
  const { passwordHash: _hash, failedLogins: _failed, lockedUntil: _locked, ...view } = user;
  return view;
}
