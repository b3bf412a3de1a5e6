import { hasCode } from '@tenon/core';
import type { AppContext, Commands, Context, TenantId, UserId, UserView } from '@tenon/core';
import { UsageError } from '../cli.errors.js';
import type { Io } from '../io.js';

const TENANT_NAME = 'Local development';
const APP_USER_ID = 'local-developer';

/** For whom a command works. */
export interface Wish {
  readonly tenant: string | null;
  readonly user: string | null;
  /** Whether a tenant and a user may be made when there are none. */
  readonly mayCreate: boolean;
}

interface Work {
  readonly commands: Commands;
  readonly context: AppContext;
  readonly io: Io;
}

async function tenantOf({ commands, context, io }: Work, wish: Wish): Promise<TenantId> {
  // An id that is malformed is an unknown one.
  if (wish.tenant !== null) return wish.tenant as TenantId;
  const { items } = await commands.tenants.list(context, { limit: 200 });
  const [only, second] = items;
  if (only && !second) return only.id;
  const own = items.find(({ name }) => name === TENANT_NAME);
  if (own && wish.mayCreate) return own.id;
  if (only) {
    throw new UsageError(
      'There are several tenants: name one with --tenant ID; tenon tenants list shows them',
    );
  }
  if (!wish.mayCreate) {
    throw new UsageError(
      'There is no tenant yet: tenon tenants create NAME makes one, tenon users create a user of it',
    );
  }
  const tenant = await commands.tenants.create(context, { name: TENANT_NAME });
  io.stderr.write(`Made the tenant '${TENANT_NAME}' (${tenant.id})\n`);
  return tenant.id;
}

async function findDeveloper(commands: Commands, context: Context): Promise<UserView | null> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Commands['users']['list']>> = await commands.users.list(
      context,
      { limit: 200, ...(cursor !== null && { cursor }) },
    );
    const found = page.items.find(({ appUserId }) => appUserId === APP_USER_ID);
    if (found) return found;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return null;
}

async function userOf(work: Work, operator: Context, wish: Wish): Promise<UserId> {
  if (wish.user !== null) return wish.user as UserId;
  const { commands, io } = work;
  const { items } = await commands.users.list(operator, { limit: 2 });
  const [only, second] = items;
  if (only && !second) return only.id;
  if (!wish.mayCreate) {
    throw new UsageError(
      only
        ? 'There are several users: name one with --user ID; tenon users list shows them'
        : 'The tenant has no user yet: tenon users create makes one',
    );
  }
  const own = await findDeveloper(commands, operator);
  if (own) return own.id;
  try {
    const wanted = { kind: 'individual', appUserId: APP_USER_ID } as const;
    const { id } = await commands.users.create(operator, wanted);
    io.stderr.write(`Made the user '${APP_USER_ID}' (${id})\n`);
    return id;
  } catch (error) {
    // Another command made it at the same time.
    const made = hasCode(error, 'UNIQUE_CONFLICT') && (await findDeveloper(commands, operator));
    if (made) return made.id;
    throw error;
  }
}

/** The operator in the tenant that is named, the only one, or the one for development, which is made once. @throws UsageError. */
export async function operatorContext(work: Work, wish: Wish): Promise<Context> {
  const tenantId = await tenantOf(work, wish);
  return work.commands.tenants.contextOf(work.context, { tenantId });
}

/** As {@link operatorContext}, as a user: the one that is named, the only one, or the one for development. @throws UsageError. */
export async function developerContext(work: Work, wish: Wish): Promise<Context> {
  const operator = await operatorContext(work, wish);
  const { tenantId } = operator;
  const userId = await userOf(work, operator, wish);
  return work.commands.tenants.contextOf(work.context, { tenantId, userId });
}
