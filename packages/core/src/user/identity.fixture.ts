import { createMemoryPersistence, type MemoryPersistence } from '@tenon/persistence-memory';
import { createTestPlatform, testAppContext, testContext, type TestPlatform } from '@tenon/testing';
import { EventBus } from '../event/event-bus.js';
import type { AppContext, Context } from '../platform/context.js';
import type { ScryptParameters } from '../platform/crypto.port.js';
import { silentLogger } from '../platform/logger.port.js';
import { CreateTenant } from '../tenant/create-tenant.use-case.js';
import type { Tenant, TenantId } from '../tenant/tenant.js';
import { CreateUser } from './create-user.use-case.js';

/** Real scrypt, with work that a test can wait for. */
export const cheap: ScryptParameters = {
  cost: 16,
  blockSize: 1,
  parallelization: 1,
  keyLength: 32,
};

/** Repositories, platform and a tenant for tests of tenants, users and tokens. */
export interface IdentityWorld extends TestPlatform, MemoryPersistence {
  readonly persistence: MemoryPersistence;
  readonly events: EventBus;
  readonly passwordParameters: ScryptParameters;
  readonly app: AppContext;
  readonly tenant: Tenant;
  /** The back end in this tenant. */
  readonly backend: Context;
  contextOf(tenantId: TenantId, overrides?: Partial<Context>): Context;
}

export async function identityWorld(): Promise<IdentityWorld> {
  const persistence = createMemoryPersistence();
  const platform = createTestPlatform();
  const app = testAppContext();
  const tenants = new CreateTenant({ ...platform, tenants: persistence.tenants });
  const tenant = await tenants.execute(app, { name: 'Acme' });
  const contextOf: IdentityWorld['contextOf'] = (tenantId, overrides = {}) =>
    testContext({ tenantId, userId: null, actor: 'app', visibility: 'tenant', ...overrides });
  return {
    ...persistence,
    ...platform,
    persistence,
    events: new EventBus({ ...platform, logger: silentLogger }),
    passwordParameters: cheap,
    app,
    tenant,
    backend: contextOf(tenant.id),
    contextOf,
  };
}

/** A user of the world's tenant who can log in, and the context of a token of theirs. */
export async function person(
  world: IdentityWorld,
  input: { readonly username: string; readonly kind?: 'individual' | 'organization' },
) {
  const { kind = 'individual', username } = input;
  const user = await new CreateUser(world).execute(world.backend, {
    kind,
    username,
    password: PASSWORD,
  });
  const context = world.contextOf(world.tenant.id, {
    userId: user.id,
    actor: 'user',
    visibility: kind === 'organization' ? 'tenant' : 'own',
  });
  return { user, context };
}

export const PASSWORD = 'correct horse battery';
