import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import { ForbiddenError } from './common.errors.js';
import type { CancellationSignal } from './cancellation.js';
import type { Logger } from './logger.port.js';

/** What a token allows. `*` allows everything within the tenant. */
export type Scope =
  | '*'
  | 'users:read'
  | 'users:write'
  | 'tokens:write'
  | 'connections:read'
  | 'connections:write'
  | 'installations:read'
  | 'installations:write'
  | 'runs:read'
  | 'runs:write'
  | 'audit:read';

/** All scopes, for validation and documentation. */
export const scopes: readonly Scope[] = [
  '*',
  'users:read',
  'users:write',
  'tokens:write',
  'connections:read',
  'connections:write',
  'installations:read',
  'installations:write',
  'runs:read',
  'runs:write',
  'audit:read',
];

/**
 * Who asks, for which tenant, under which request id. Made at the edge from a verified token, a trusted app's key or a
 * stored row, and handed to every use case; nothing is ambient.
 */
export interface Context {
  readonly requestId: string;
  readonly tenantId: TenantId;
  /** Null for the product's back end and for work that runs by itself. */
  readonly userId: UserId | null;
  readonly actor: 'user' | 'app' | 'system';
  readonly scopes: readonly Scope[];
  /** `own`: sees what belongs to its user. `tenant`: sees everything in its tenant. */
  readonly visibility: 'own' | 'tenant';
  readonly logger: Logger;
  readonly signal?: CancellationSignal;
}

/** The product's own back end, verified by its key, where no tenant is chosen yet. */
export interface AppContext {
  readonly requestId: string;
  readonly actor: 'app' | 'system';
  readonly logger: Logger;
  readonly signal?: CancellationSignal;
}

/** @throws ForbiddenError naming the missing scope. */
export function requireScope(context: Context, scope: Scope): void {
  if (context.scopes.includes('*') || context.scopes.includes(scope)) return;
  throw new ForbiddenError(`This token lacks the scope '${scope}'`, { scope });
}

/** True when the context may see a row of `userId`. */
export function mayAccess(context: Context, userId: UserId): boolean {
  return context.visibility === 'tenant' || context.userId === userId;
}

/**
 * Restricts lists to the caller's own rows; undefined when the whole tenant is visible.
 * @throws ForbiddenError for a caller that sees its own rows only and is no user.
 */
export function visibleUser(context: Context): UserId | undefined {
  if (context.visibility === 'tenant') return undefined;
  if (context.userId !== null) return context.userId;
  throw new ForbiddenError('This caller sees its own rows only, and has no user');
}

/** A context for work that runs by itself in a tenant: jobs, schedules, webhooks. */
export function systemContext(input: {
  readonly requestId: string;
  readonly tenantId: TenantId;
  readonly logger: Logger;
  readonly signal?: CancellationSignal;
}): Context {
  return { ...input, userId: null, actor: 'system', scopes: ['*'], visibility: 'tenant' };
}
