import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { aTenant, aUser, recordingLogger, testEncryptor } from '@tenon/testing';
import { startEmbeddedPostgres } from './embedded.js';
import { startHalfOpenProxy } from './half-open-proxy.fixture.js';
import { freshDatabase, sql, testPersistence } from './postgres.fixture.js';
import {
  createPostgresqlPersistence,
  type PostgresqlPersistence,
} from './postgresql-persistence.js';

jest.setTimeout(60_000);

const firstPage = { limit: 10, after: null };

describe('a database in trouble', () => {
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  function open(
    connectionString: string,
    options: { poolSize?: number; statementTimeoutMs?: number; connectTimeoutMs?: number } = {},
  ): PostgresqlPersistence {
    const encryptor = testEncryptor();
    const persistence = createPostgresqlPersistence({ connectionString, encryptor, ...options });
    ends.push(() => persistence.close());
    return persistence;
  }

  it('that is stopped is unavailable, retryably, and serves again once it is back', async () => {
    const dataDir = join(await mkdtemp(join(tmpdir(), 'tenon-faults-')), 'postgres');
    ends.push(() => rm(join(dataDir, '..'), { recursive: true }));
    const first = await startEmbeddedPostgres({ dataDir });
    const { port } = first;
    const persistence = open(first.databaseUrl);
    await persistence.migrate();
    const tenant = aTenant();
    await persistence.tenants.insert(tenant);
    await persistence.outbox.status();
    await first.stop();
    const unavailable = { code: 'DATABASE_UNAVAILABLE', category: 'unavailable', retryable: true };
    await expect(persistence.ping()).rejects.toMatchObject(unavailable);
    await expect(persistence.outbox.status()).rejects.toMatchObject(unavailable);
    await expect(persistence.tenants.find(tenant.id)).rejects.toMatchObject(unavailable);
    await expect(persistence.prepare()).rejects.toMatchObject(unavailable);
    await expect(persistence.transaction(async () => 1)).rejects.toMatchObject(unavailable);
    const second = await startEmbeddedPostgres({ dataDir, port });
    ends.push(() => second.stop());
    expect(await persistence.tenants.find(tenant.id)).toEqual(tenant);
    expect((await persistence.outbox.status()).waiting).toBe(0);
  });

  it('without tables says what to run', async () => {
    const persistence = open(await freshDatabase());
    const missing = {
      code: 'DATABASE_SCHEMA_MISSING',
      message: expect.stringContaining("run 'tenon migrate deploy'"),
    };
    await expect(persistence.prepare()).rejects.toMatchObject(missing);
    await expect(persistence.outbox.status()).rejects.toMatchObject(missing);
    await expect(persistence.tenants.list(firstPage)).rejects.toMatchObject(missing);
  });

  it('that refuses the user, or does not exist, is no outage', async () => {
    const url = new URL(await freshDatabase());
    url.password = 'wrong-password';
    const refused = await open(url.href)
      .ping()
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'DATABASE_ACCESS_DENIED', retryable: false });
    expect(JSON.stringify(refused) + String(refused)).not.toContain('wrong-password');
    const missing = new URL(await freshDatabase());
    missing.pathname = '/nowhere';
    await expect(open(missing.href).ping()).rejects.toMatchObject({ code: 'DATABASE_MISSING' });
  });

  it('that is slow ends the statement, by either way of asking', async () => {
    const { persistence, url } = await testPersistence({ statementTimeoutMs: 300 });
    ends.push(() => persistence.close());
    const timedOut = { code: 'DATABASE_TIMEOUT', category: 'timeout', retryable: true };
    const lock = await lockTables(url);
    ends.push(lock.release);
    await expect(persistence.outbox.status()).rejects.toMatchObject(timedOut);
    await expect(persistence.tenants.list(firstPage)).rejects.toMatchObject(timedOut);
    await lock.release();
    expect((await persistence.outbox.status()).waiting).toBe(0);
  });

  it('whose connections are all busy says so', async () => {
    const { persistence, url } = await testPersistence({ poolSize: 2, connectTimeoutMs: 300 });
    ends.push(() => persistence.close());
    const lock = await lockTables(url);
    ends.push(lock.release);
    const busy = [persistence.outbox.status(), persistence.outbox.status()];
    await expect(persistence.outbox.status()).rejects.toMatchObject({
      code: 'DATABASE_POOL_EXHAUSTED',
      retryable: true,
      message: expect.stringContaining('All 2 database connections'),
    });
    await lock.release();
    await Promise.all(busy);
  });

  it('behind a network that swallows everything is unavailable, then recovers', async () => {
    const url = new URL(await freshDatabase());
    const proxy = await startHalfOpenProxy(Number(url.port));
    ends.push(() => proxy.close());
    url.port = String(proxy.port);
    const persistence = open(url.href, { statementTimeoutMs: 300, connectTimeoutMs: 500 });
    await persistence.migrate();
    await persistence.outbox.status();
    proxy.swallow(true);
    for (const _ of ['the open connection', 'a new one']) {
      await expect(persistence.outbox.status()).rejects.toMatchObject({
        ...{ code: 'DATABASE_UNAVAILABLE', retryable: true },
      });
    }
    proxy.swallow(false);
    expect((await persistence.outbox.status()).waiting).toBe(0);
  });

  it('lets one of twenty writers win', async () => {
    const { persistence } = await testPersistence();
    ends.push(() => persistence.close());
    const tenant = aTenant();
    await persistence.tenants.insert(tenant);
    const outcomes = async (work: (index: number) => Promise<unknown>) => {
      const results = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => work(i)));
      return results.map((result) =>
        result.status === 'fulfilled' ? 'won' : (result.reason as { code: string }).code,
      );
    };
    const updates = await outcomes(() => persistence.tenants.update(tenant));
    expect(updates.sort()).toEqual([...Array<string>(19).fill('VERSION_CONFLICT'), 'won']);
    const inserts = await outcomes(() =>
      persistence.users.insert(aUser({ tenantId: tenant.id, username: 'one' })),
    );
    expect(inserts.sort()).toEqual([...Array<string>(19).fill('UNIQUE_CONFLICT'), 'won']);
  });

  it('logs lost idle connections and lives on', async () => {
    const logger = recordingLogger();
    const { persistence, url } = await testPersistence({ logger });
    ends.push(() => persistence.close());
    await persistence.ping();
    await sql(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    const pool = await persistence.pool();
    while (pool.totalCount > 0) await new Promise((resolve) => setImmediate(resolve));
    await persistence.ping();
    expect(JSON.stringify(logger)).toContain('A database connection was lost');
  });

  it('that is closed stays closed', async () => {
    const { persistence } = await testPersistence();
    await persistence.close();
    await persistence.close();
    await expect(persistence.ping()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });
});

/** Locks tables from outside until released. */
async function lockTables(url: string): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE outbox, tenants IN ACCESS EXCLUSIVE MODE');
  let released: Promise<void> | undefined;
  return { release: () => (released ??= client.end()) };
}
