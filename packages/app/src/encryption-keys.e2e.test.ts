import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKey } from '@tenon/encryption-aes';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import type { EmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import { recordingLogger } from '@tenon/testing';
import type { RecordingLogger } from '@tenon/testing';
import { ApiCaller } from './api-client.fixture.js';
import { defineApp } from './define-app.js';
import { realAdapters, serveApp } from './reliability-app.fixture.js';
import { openLane } from './reliability-lane.fixture.js';
import type { Lane } from './reliability-lane.fixture.js';
import { copyIntegration, PER_PAGE, SHELF_KEY, startShelf } from './reliability-shelf.fixture.js';
import type { Shelf } from './reliability-shelf.fixture.js';
import { install, rows, startWorker, until } from './reliability-worker.fixture.js';
import type { Installed } from './reliability-worker.fixture.js';

let postgres: EmbeddedPostgres;
let shelf: Shelf;
let lane: Lane;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres();
  shelf = await startShelf();
  lane = await openLane(postgres, shelf, 'keys');
}, 60_000);

afterAll(async () => {
  await lane.close();
  await shelf.server.close();
  await postgres.stop();
});

/** A served app on the lane's data with other keys. */
async function withKeys<T>(
  keys: Readonly<Record<string, string>>,
  work: (
    caller: ApiCaller,
    tools: { logger: RecordingLogger; worker: () => () => Promise<void> },
  ) => Promise<T>,
): Promise<T> {
  const logger = recordingLogger();
  const adapters = realAdapters({ ...lane.servers, keys }, logger);
  const served = await serveApp(adapters, [copyIntegration(shelf.server.url)]);
  try {
    const caller = new ApiCaller(served.url, lane.installed.person.api.headers);
    return await work(caller, { logger, worker: () => startWorker(served.app) });
  } finally {
    await served.close();
  }
}

const test = (id: string): string => `/api/connections/${id}/test`;

describe('an app without the right keys', () => {
  const app = defineApp(() => ({ integrations: [] }));
  const start = async (keys?: string): Promise<{ code: string; message: string }> => {
    const environment = {
      DATABASE_URL: lane.servers.databaseUrl,
      TENON_QUEUE_URLS: `default=${lane.servers.queue.queues['default'] ?? ''}`,
      TENON_LOG_LEVEL: 'silent',
      ...(keys !== undefined && { TENON_ENCRYPTION_KEYS: keys }),
    };
    const error: unknown = await app.startService(environment, { port: null }).then(
      async (service) => {
        await service.stop();
        return null;
      },
      (reason: unknown) => reason,
    );
    return error as { code: string; message: string };
  };

  it('refuses to start and says what to set', async () => {
    for (const keys of [undefined, '', '   ']) {
      const { code, message } = await start(keys);
      expect(code).toBe('MISCONFIGURED');
      expect(message).toContain('TENON_ENCRYPTION_KEYS');
      expect(message).toContain('openssl rand -base64 32');
    }
  });

  it('refuses keys of the wrong length, naming the id and never the key', async () => {
    for (const length of [0, 1, 16, 31, 33, 64]) {
      const key = randomBytes(length).toString('base64');
      const { code, message } = await start(`good:${generateKey()},short:${key}`);
      expect(code).toBe('MISCONFIGURED');
      expect(message).toContain("'short'");
      expect(message).toContain('32 bytes');
      if (length > 1) expect(message).not.toContain(key);
    }
  });

  it('starts with a right one', async () => {
    expect(await start(`good:${generateKey()}`)).toBeNull();
  });
});

describe('a key that is gone', () => {
  it('is named in the log, hidden from the caller, and hurts nothing that is stored', async () => {
    const { connectionId } = lane.installed;
    const fresh = { k2: generateKey() };
    await withKeys(fresh, async (caller, { logger }) => {
      const { status, body, text } = await caller.call('POST', test(connectionId));
      expect({ status, body }).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
      expect(text).not.toMatch(/k1|k2|ENCRYPTION|key ring/);
      const line = logger.lines.find(({ level }) => level === 'error');
      expect(line?.fields['error']).toMatchObject({
        code: 'ENCRYPTION_KEY_MISSING',
        details: { keyId: 'k1', known: ['k2'] },
      });
      logger.assertNever(SHELF_KEY, fresh.k2, ...Object.values(lane.servers.keys));
      expect(await caller.ok('GET', `/api/connections/${connectionId}`)).toMatchObject({
        state: 'active',
        problem: null,
      });
    });
    await withKeys({ ...fresh, ...lane.servers.keys }, async (caller) => {
      expect(await caller.ok('POST', test(connectionId))).toMatchObject({ ok: true });
    });
  }, 30_000);

  it('keeps jobs as dead letters that can be redriven when it is back', async () => {
    const run = await lane.installed.start('keyless', 1);
    const dead = await withKeys({ k2: generateKey() }, async (caller, { worker }) => {
      const stop = worker();
      await until('the run failed', async () => {
        return (await lane.installed.run(run.id)).state === 'failed';
      });
      await stop();
      return caller.call('GET', '/api/dead-letters');
    });
    expect(dead.body).toMatchObject({ items: [{ reason: 'failed' }] });
    expect(dead.text).not.toMatch(/k1|k2/);
    await lane.installed.person.api.ok('POST', `/api/runs/${run.id}/resume`);
    const stop = startWorker(lane.served.app);
    await until('the run ended', async () => {
      return (await lane.installed.run(run.id)).state === 'succeeded';
    });
    await stop();
    expect(shelf.of('keyless')).toEqual(shelf.expected('keyless', PER_PAGE));
  }, 60_000);
});

describe('a ciphertext in the wrong row', () => {
  const swap = `UPDATE credentials AS a SET material = b.material FROM credentials AS b
    WHERE a.connection_id = ANY($1::uuid[]) AND b.connection_id = ANY($1::uuid[]) AND a.id <> b.id`;

  it('is not decrypted: the call fails, safely, until it is back in its place', async () => {
    const mine = lane.installed;
    const theirs: Installed = await install(lane.served.url);
    const pair = [[mine.connectionId, theirs.connectionId]];
    await rows(lane.servers.databaseUrl, swap, pair);
    // An app of its own, because another may still know what it read.
    await withKeys(lane.servers.keys, async (caller, { logger }) => {
      const others = caller.as(theirs.person.api.headers);
      for (const [api, id] of [
        [caller, mine.connectionId],
        [others, theirs.connectionId],
      ] as const) {
        logger.clear();
        const { status, body, text } = await api.call('POST', test(id));
        expect({ status, body }).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
        expect(text).not.toMatch(/DECRYPT|credentials|material/i);
        const line = logger.lines.find(({ level }) => level === 'error');
        expect(line?.fields['error']).toMatchObject({ code: 'DECRYPTION_FAILED' });
        logger.assertNever(SHELF_KEY);
      }
    });
    await rows(lane.servers.databaseUrl, swap, pair);
    await withKeys(lane.servers.keys, async (caller) => {
      expect(await caller.ok('POST', test(mine.connectionId))).toMatchObject({ ok: true });
    });
  }, 30_000);
});
