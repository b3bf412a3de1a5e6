import type { AppContext, Commands, Context, TenantId } from '@tenon/core';
import { withApp } from '../app/with-app.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, jsonFlag } from '../command.js';
import { textFlag } from '../flags.js';
import type { Io } from '../io.js';

/** The flags of every command that works in one tenant. */
export const tenantFlags = {
  tenant: textFlag('ID', 'Tenant (default: the only one there is)'),
  app: appFlag,
  json: jsonFlag,
};

/** An app, opened for one tenant. */
export interface OpenTenant {
  readonly commands: Commands;
  /** The operator in the tenant: sees and may do everything there. */
  readonly context: Context;
}

/** The tenant that is named, or the only one there is. @throws UsageError when there is not exactly one. */
export async function chooseTenant(
  { tenants }: Commands,
  context: AppContext,
  given: string | null,
): Promise<TenantId> {
  // An id that is malformed is an unknown one.
  if (given !== null) return given as TenantId;
  const { items } = await tenants.list(context, { limit: 2 });
  const [only, second] = items;
  if (only && !second) return only.id;
  throw new UsageError(
    only
      ? 'There are several tenants: name one with --tenant ID; tenon tenants list shows them'
      : 'There is no tenant yet: tenon tenants create NAME makes one',
  );
}

/**
 * Opens the project's app for one tenant, works with it, and closes it whatever happens.
 * @throws UsageError when no tenant is given and there is not exactly one; TenonErrors of the app as they are.
 */
export function withTenant<T>(
  io: Io,
  flags: { readonly app: string | null; readonly tenant: string | null },
  work: (tenant: OpenTenant) => Promise<T>,
): Promise<T> {
  return withApp(io, flags.app, async ({ commands, context }) => {
    const tenantId = await chooseTenant(commands, context, flags.tenant);
    return work({ commands, context: await commands.tenants.contextOf(context, { tenantId }) });
  });
}
