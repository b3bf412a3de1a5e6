import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Repositories } from '@tenon/core';
import { aConnection, aCredential, anOutgoingJob, aTenant, aUser } from '@tenon/testing';
import { sql, testPersistence, type TestPersistence } from './postgres.fixture.js';

jest.setTimeout(60_000);

describe('transaction', () => {
  let test: TestPersistence;

  beforeAll(async () => {
    test = await testPersistence({ idleTransactionTimeoutMs: 2_000 });
  });

  afterAll(() => test.persistence.close());

  const countOf = async (table: string): Promise<number> =>
    (await sql<{ n: number }>(test.url, `SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? -1;

  it('shows everything to both kinds of repositories inside, nothing outside before the end', async () => {
    const { persistence } = test;
    const user = aUser();
    const connection = aConnection({ tenantId: user.tenantId, userId: user.id });
    const credential = aCredential({ tenantId: user.tenantId, connectionId: connection.id });
    await persistence.transaction(async (inside) => {
      await inside.users.insert(user);
      await inside.connections.insert(connection);
      await inside.credentials.insert(credential);
      expect(await inside.users.find(user.tenantId, user.id)).toEqual(user);
      expect(await inside.connections.find(user.tenantId, connection.id)).toEqual(connection);
      expect(await persistence.users.find(user.tenantId, user.id)).toBeNull();
      expect(await persistence.connections.find(user.tenantId, connection.id)).toBeNull();
    });
    expect(await persistence.users.find(user.tenantId, user.id)).toEqual(user);
  });

  it('keeps nothing when the work throws, and throws what it threw', async () => {
    const tenant = aTenant();
    const before = await countOf('outbox');
    const failure = new Error('of the work');
    await expect(
      test.persistence.transaction(async (inside) => {
        await inside.tenants.insert(tenant);
        await inside.outbox.add([anOutgoingJob()], new Date(), new Date());
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await test.persistence.tenants.find(tenant.id)).toBeNull();
    expect(await countOf('outbox')).toBe(before);
  });

  it('takes queries that are begun at once', async () => {
    const tenants = Array.from({ length: 10 }, () => aTenant());
    await test.persistence.transaction((inside) =>
      Promise.all(tenants.map((tenant) => inside.tenants.insert(tenant))),
    );
    const found = await Promise.all(tenants.map(({ id }) => test.persistence.tenants.find(id)));
    expect(found).toEqual(tenants);
  });

  it('repeats all of the work after a deadlock', async () => {
    const [a, b] = [aTenant(), aTenant()];
    await test.persistence.tenants.insert(a);
    await test.persistence.tenants.insert(b);
    let tries = 0;
    let arrived = 0;
    const both: { open?: () => void } = {};
    const gate = new Promise<void>((resolve) => {
      both.open = resolve;
    });
    const rename = (first: string, second: string) =>
      test.persistence.transaction(async (inside) => {
        tries += 1;
        await touch(inside, first);
        if ((arrived += 1) === 2) both.open?.();
        await gate;
        await touch(inside, second);
      });
    await Promise.all([rename(a.id, b.id), rename(b.id, a.id)]);
    expect(tries).toBe(3);
    const versions = [a, b].map(
      async ({ id }) => (await test.persistence.tenants.find(id))?.version,
    );
    expect(await Promise.all(versions)).toEqual([3, 3]);
  });

  async function touch({ tenants }: Repositories, id: string): Promise<void> {
    const tenant = await tenants.find(id as never);
    if (tenant) await tenants.update(tenant);
  }

  it('refuses its repositories after the end, of both kinds', async () => {
    let kept: Repositories | undefined;
    await test.persistence.transaction(async (inside) => {
      await inside.tenants.list({ limit: 1, after: null });
      kept = inside;
    });
    const { tenants, outbox } = kept!;
    await expect(tenants.insert(aTenant())).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' });
    await expect(outbox.status()).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' });
  });

  it('says so when an error was swallowed and nothing is kept', async () => {
    const tenant = aTenant();
    await expect(
      test.persistence.transaction(async (inside) => {
        await inside.tenants.insert(tenant);
        await inside.tenants.insert(tenant).catch(() => undefined);
      }),
    ).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' });
    expect(await test.persistence.tenants.find(tenant.id)).toBeNull();
  });

  it('ends when nothing happens in it, and frees what it locked', async () => {
    const tenant = aTenant();
    await test.persistence.tenants.insert(tenant);
    await expect(
      test.persistence.transaction(async (inside) => {
        await touch(inside, tenant.id);
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        await touch(inside, tenant.id);
      }),
    ).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect((await test.persistence.tenants.update(tenant)).version).toBe(2);
  });

  it('keeps nothing when its connection is killed in the middle', async () => {
    const tenant = aTenant();
    await expect(
      test.persistence.transaction(async (inside) => {
        await inside.tenants.insert(tenant);
        await inside.outbox.add([anOutgoingJob()], new Date(), new Date());
        await sql(
          test.url,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE state = 'idle in transaction' AND datname = current_database()`,
        );
        await inside.outbox.status();
      }),
    ).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    expect(await test.persistence.tenants.find(tenant.id)).toBeNull();
  });
});
