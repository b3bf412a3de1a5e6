import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { aTenant, aUser, testEncryptor } from '@tenon/testing';
import { startHalfOpenProxy, type HalfOpenProxy } from './half-open-proxy.fixture.js';
import type { PostgresqlPersistenceOptions } from './options.js';
import { testPersistence } from './postgres.fixture.js';
import {
  createPostgresqlPersistence,
  type PostgresqlPersistence,
} from './postgresql-persistence.js';

jest.setTimeout(60_000);

const unavailable = { code: 'DATABASE_UNAVAILABLE', category: 'unavailable', retryable: true };
const firstPage = { limit: 200, after: null };

describe('a network that takes everything and answers nothing', () => {
  let proxy: HalfOpenProxy;
  let persistence: PostgresqlPersistence;
  let direct: PostgresqlPersistence;

  beforeEach(async () => {
    const { persistence: there, url } = await testPersistence();
    direct = there;
    const address = new URL(url);
    proxy = await startHalfOpenProxy(Number(address.port));
    address.port = String(proxy.port);
    persistence = createPostgresqlPersistence({
      connectionString: address.href,
      encryptor: testEncryptor(),
      // Room for what does get through on a busy machine.
      ...{ statementTimeoutMs: 1_500, connectTimeoutMs: 2_500, poolSize: 4 },
    });
    await persistence.prepare();
  });

  afterEach(async () => {
    await proxy.close();
    await persistence.close();
    await direct.close();
  });

  it('ends a transaction in its middle with one wait, keeps nothing of it, and recovers', async () => {
    const [lost, kept] = [aTenant(), aTenant()];
    const sent: string[] = [];
    const broken = persistence.transaction(async (inside) => {
      await inside.tenants.insert(lost);
      sent.push('before');
      proxy.swallow(true);
      await inside.users.insert(aUser({ tenantId: lost.id }));
      sent.push('after');
    });
    await expect(broken).rejects.toMatchObject(unavailable);
    expect(sent).toEqual(['before']);
    const known = proxy.connections;
    proxy.swallow(false);
    // The connection is not used again: what comes next opens another one.
    await persistence.transaction((inside) => inside.tenants.insert(kept));
    expect(proxy.connections).toBe(known + 1);
    expect(await direct.tenants.find(kept.id)).toEqual(kept);
    expect(await direct.tenants.find(lost.id)).toBeNull();
  });

  it('ends statements and attempts to connect, and recovers', async () => {
    proxy.swallow(true);
    // The first takes the connection that is open, the others need one each.
    const outcomes = await Promise.allSettled([
      persistence.ping(),
      persistence.outbox.status(),
      persistence.tenants.list(firstPage),
      persistence.transaction(async () => 1),
    ]);
    expect(outcomes).toMatchObject(Array.from({ length: 4 }, () => ({ reason: unavailable })));
    proxy.swallow(false);
    expect((await persistence.outbox.status()).waiting).toBe(0);
  });
});

describe('a pool of one connection', () => {
  async function open(options: Partial<PostgresqlPersistenceOptions>) {
    // Long enough for all to have their turn on a busy machine.
    const waits = { poolSize: 1, connectTimeoutMs: 50_000, statementTimeoutMs: 50_000 };
    return (await testPersistence({ ...waits, ...options })).persistence;
  }

  it.each([true, false])(
    'serves fifty callers at once, with and without transactions (prepared: %s)',
    async (preparedStatements) => {
      const persistence = await open({ preparedStatements });
      try {
        const tenants = Array.from({ length: 50 }, (_, index) => aTenant({ name: `${index}` }));
        await Promise.all(
          tenants.map((tenant, index) =>
            index % 2 === 0
              ? persistence.tenants.insert(tenant)
              : persistence.transaction(async (inside) => {
                  await inside.tenants.insert(tenant);
                  const owner = { tenantId: tenant.id };
                  // Both ways of asking, all begun at once.
                  await Promise.all([
                    inside.users.insert(aUser(owner)),
                    inside.users.list(tenant.id, {}, firstPage),
                    inside.tenants.find(tenant.id),
                    inside.outbox.status(),
                    inside.tenants.update({ ...tenant, status: 'suspended' }),
                  ]);
                }),
          ),
        );
        const { items } = await persistence.tenants.list(firstPage);
        const states = items.map(({ name, status }) => `${name} ${status}`).sort();
        const expected = tenants.map(({ name }, index) =>
          index % 2 === 0 ? `${name} active` : `${name} suspended`,
        );
        expect(states).toEqual(expected.sort());
      } finally {
        await persistence.close();
      }
    },
  );

  it('does not wait for itself: a call from outside inside of a transaction says that the pool is empty', async () => {
    const persistence = await open({ connectTimeoutMs: 2_000 });
    try {
      const nested = persistence.transaction(() => persistence.outbox.status());
      await expect(nested).rejects.toMatchObject({ code: 'DATABASE_POOL_EXHAUSTED' });
      expect((await persistence.outbox.status()).waiting).toBe(0);
    } finally {
      await persistence.close();
    }
  });
});
