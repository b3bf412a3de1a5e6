import type { Repositories } from '@tenon/core';
import type { BaseSession } from '../base-session.js';
import type { Session } from '../session.js';
import { SYSTEM, type Scope } from './scope.js';

/**
 * The doors: methods that look across tenants, because the tenant is what they find out or because they clean up after all. All others
 * name their tenant in the first argument, and see its rows alone.
 */
const DOORS: { readonly [Name in keyof Repositories]?: readonly (keyof Repositories[Name])[] } = {
  tenants: ['list', 'listDeleting'],
  users: ['findByAppUserId'],
  tokens: ['findWithOwner', 'touch'],
  authorizationSessions: ['findOpen', 'advance', 'consume', 'deleteExpired'],
  installations: ['listEnabled', 'listDeleting'],
  schedules: ['claimDue', 'listEnabled'],
  inbox: ['deleteExpired'],
  outbox: ['remove', 'take', 'status'],
  deadLetters: ['listParked'],
  webhookEndpoints: ['findById'],
  states: ['deleteExpired'],
  usageCounters: ['deleteBefore'],
  websocketConnections: ['findById', 'deleteExpired'],
  files: ['deleteExpired'],
  // Their rows belong to no tenant.
  leases: ['acquire', 'renew', 'release'],
  keyRotations: ['find', 'save'],
};

type Repository = Readonly<Record<string, (...args: never[]) => unknown>>;

interface Owned {
  readonly id?: unknown;
  readonly tenantId?: unknown;
  readonly message?: Owned;
  readonly schedule?: Owned;
}

/** The tenant that an argument names; of several rows, the one that all of them name. */
function tenantOf(repository: string, argument: unknown): unknown {
  if (typeof argument === 'string') return argument;
  if (Array.isArray(argument)) {
    const tenants = new Set(argument.map((row) => tenantOf(repository, row)));
    return tenants.size === 1 ? [...tenants][0] : SYSTEM;
  }
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { id, tenantId, message, schedule } = argument as Owned;
  return repository === 'tenants' ? id : (tenantId ?? (message ?? schedule)?.tenantId);
}

function scopeOf(repository: string, method: string, argument: unknown): Scope {
  const doors = DOORS[repository as keyof Repositories] as readonly string[] | undefined;
  if (doors?.includes(method)) return SYSTEM;
  const tenant = tenantOf(repository, argument);
  if (typeof tenant === 'string') return tenant;
  throw new TypeError(
    `${repository}.${method} names no tenant in its first argument: let it, or list it among the doors`,
  );
}

/** Repositories whose every call is seen in the scope of the tenant that it names. */
export function scopedRepositories(
  session: BaseSession,
  make: (session: Session) => Repositories,
): Repositories {
  const scoped = (name: string, repository: object): object =>
    new Proxy(repository, {
      get:
        (_, method: string) =>
        async (...args: never[]) => {
          const inScope = session.within(scopeOf(name, method, args[0]));
          const target = make(inScope)[name as keyof Repositories] as unknown as Repository;
          return target[method]?.(...args);
        },
    });
  return Object.fromEntries(
    Object.entries(make(session)).map(([name, repository]: [string, object]) => [
      name,
      scoped(name, repository),
    ]),
  ) as unknown as Repositories;
}
