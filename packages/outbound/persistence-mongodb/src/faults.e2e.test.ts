import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { anOutgoingJob, aTenant, recordingLogger, testEncryptor } from '@tenon/testing';
import { createMongodbPersistence, type MongodbPersistence } from './mongodb-persistence.js';
import { freshDatabase, testServer, withDriver } from './mongodb.fixture.js';
import { withoutServer } from './without-server.fixture.js';

jest.setTimeout(60_000);

const serverUrl = await testServer();

/** A door before the server, which can be shut, or let nothing through while it stays open. */
class Proxy {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #frozen = false;
  port = 0;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  async open(): Promise<void> {
    const server = createServer((inside) => {
      const outside = connect(Number(this.#target.port || 27_017), this.#target.hostname);
      for (const socket of [inside, outside]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
      }
      inside.on('data', (data) => this.#frozen || outside.write(data));
      outside.on('data', (data) => this.#frozen || inside.write(data));
      inside.on('close', () => outside.destroy());
      outside.on('close', () => inside.destroy());
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  freeze(frozen: boolean): void {
    this.#frozen = frozen;
  }

  async shut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(null));
  }
}

function troubles(target: string): void {
  const ends: (() => Promise<unknown>)[] = [];
  const unavailable = { code: 'DATABASE_UNAVAILABLE', category: 'unavailable', retryable: true };

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function behind(
    options: { statementTimeoutMs?: number } = {},
  ): Promise<{ readonly proxy: Proxy; readonly persistence: MongodbPersistence }> {
    const proxy = new Proxy(target);
    await proxy.open();
    ends.push(() => proxy.shut());
    const url = new URL(freshDatabase(target));
    url.host = `127.0.0.1:${proxy.port}`;
    url.searchParams.set('directConnection', 'true');
    const persistence = createMongodbPersistence({
      ...{ connectionString: url.href, encryptor: testEncryptor() },
      ...{ connectTimeoutMs: 1_000, poolSize: 2 },
      ...options,
    });
    ends.push(() => persistence.close());
    await persistence.prepare();
    return { proxy, persistence };
  }

  it('that is gone is unavailable, retryably, and serves again once it is back', async () => {
    const { proxy, persistence } = await behind();
    const tenant = aTenant();
    await persistence.tenants.insert(tenant);
    await proxy.shut();
    await expect(persistence.ping()).rejects.toMatchObject(unavailable);
    await expect(persistence.tenants.find(tenant.id)).rejects.toMatchObject(unavailable);
    await expect(persistence.outbox.status()).rejects.toMatchObject(unavailable);
    const work = persistence.transaction(({ tenants }) => tenants.find(tenant.id));
    await expect(work).rejects.toMatchObject(unavailable);
    await proxy.open();
    expect(await persistence.tenants.find(tenant.id)).toEqual(tenant);
  });

  it('that accepts and never answers is given up, and serves again once it answers', async () => {
    const { proxy, persistence } = await behind({ statementTimeoutMs: 500 });
    const tenant = aTenant();
    await persistence.tenants.insert(tenant);
    proxy.freeze(true);
    const failed: unknown = await persistence.tenants
      .find(tenant.id)
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ retryable: true });
    expect(['DATABASE_TIMEOUT', 'DATABASE_UNAVAILABLE']).toContain(
      (failed as { code: string }).code,
    );
    proxy.freeze(false);
    expect(await persistence.tenants.find(tenant.id)).toEqual(tenant);
  });

  it('that never answers a bulk write is given up, retryably', async () => {
    const { proxy, persistence } = await behind({ statementTimeoutMs: 500 });
    const jobs = [anOutgoingJob(), anOutgoingJob()];
    proxy.freeze(true);
    const failed: unknown = await persistence.outbox
      .add(jobs, new Date(0), new Date(0))
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ retryable: true });
    expect(['DATABASE_TIMEOUT', 'DATABASE_UNAVAILABLE']).toContain(
      (failed as { code: string }).code,
    );
  });

  it('makes its indexes once, however many processes begin', async () => {
    const url = freshDatabase(target);
    const processes = Array.from({ length: 5 }, () =>
      createMongodbPersistence({ connectionString: url, encryptor: testEncryptor(), poolSize: 1 }),
    );
    ends.push(() => Promise.all(processes.map((each) => each.close())));
    const made = await Promise.all(processes.map((each) => each.migrate()));
    expect(made.filter(({ length }) => length > 0)).toHaveLength(1);
    await Promise.all(processes.map((each) => each.prepare()));
    const status = await processes[0]?.migrationStatus();
    expect(status).toMatchObject({ pending: [], edited: [], unknown: [] });
  });

  it('reports an index that was changed, and leaves it', async () => {
    const url = freshDatabase(target);
    await withDriver(url, (client) =>
      client
        .db()
        .collection('users')
        .createIndex({ username: 1 }, { name: 'users_username_key' }, {}),
    );
    const persistence = createMongodbPersistence({
      connectionString: url,
      encryptor: testEncryptor(),
    });
    ends.push(() => persistence.close());
    await expect(persistence.prepare()).rejects.toMatchObject({
      code: 'MIGRATION_EDITED',
      message: expect.stringContaining('users_username_key'),
    });
    expect((await persistence.migrationStatus()).edited).toEqual(['users_username_key']);
  });

  it('that nobody runs is told without the address', async () => {
    const logger = recordingLogger();
    const persistence = createMongodbPersistence({
      ...{ connectionString: 'mongodb://user:hidden-password@127.0.0.1:1/app', logger },
      ...{ encryptor: testEncryptor(), connectTimeoutMs: 300 },
    });
    ends.push(() => persistence.close());
    const failed: unknown = await persistence.prepare().catch((error: unknown) => error);
    expect(failed).toMatchObject(unavailable);
    expect(JSON.stringify([(failed as Error).message, logger.lines])).not.toContain('hidden');
  });
}

if (serverUrl === null) withoutServer('a MongoDB in trouble');
else {
  describe('a MongoDB in trouble', () => {
    troubles(serverUrl);
  });
}
