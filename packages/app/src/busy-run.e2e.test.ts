import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CancelRun, EventBus, silentLogger } from '@tenon/core';
import type { Installation, Run } from '@tenon/core';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import { createPostgresqlPersistence } from '@tenon/persistence-postgresql';
import type { PostgresqlPersistence } from '@tenon/persistence-postgresql';
import { startEmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import type { EmbeddedPostgres } from '@tenon/persistence-postgresql/embedded';
import { createNodePlatform } from '@tenon/platform-node';
import { aRun, aTenant, aUser, anInstallation, testContext } from '@tenon/testing';

const WORKERS = 8;

async function inserted<T>(row: T, table: { insert(row: T): Promise<void> }): Promise<T> {
  await table.insert(row);
  return row;
}

describe('a run that many jobs advance at once', () => {
  let postgres: EmbeddedPostgres;
  let persistence: PostgresqlPersistence;
  let installation: Installation;
  const platform = createNodePlatform();

  beforeAll(async () => {
    postgres = await startEmbeddedPostgres();
    persistence = createPostgresqlPersistence({
      connectionString: postgres.databaseUrl,
      encryptor: createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' }),
      poolSize: WORKERS + 2,
    });
    await persistence.migrate();
    installation = await anInstalled();
  }, 60_000);

  afterAll(async () => {
    await persistence.close();
    await postgres.stop();
  });

  async function anInstalled(): Promise<Installation> {
    const { id: tenantId } = await inserted(aTenant(), persistence.tenants);
    const { id: userId } = await inserted(aUser({ tenantId }), persistence.users);
    return inserted(anInstallation({ tenantId, userId }), persistence.installations);
  }

  async function aBusyRun(): Promise<{ readonly run: Run; readonly end: () => Promise<void> }> {
    const { tenantId, id: installationId } = installation;
    const run = aRun({ tenantId, installationId, state: 'running', pendingJobs: 1_000_000 });
    await persistence.runs.insert(run);
    let stopped = false;
    const advance = { pendingJobs: -1, at: new Date() };
    const workers = Array.from({ length: WORKERS }, async () => {
      while (!stopped)
        await persistence.transaction(({ runs }) => runs.advance(tenantId, run.id, advance));
    });
    const end = async (): Promise<void> => {
      stopped = true;
      await Promise.all(workers);
    };
    return { run, end };
  }

  it('is cancelled all the same', async () => {
    const events = new EventBus({ ...platform, logger: silentLogger });
    const cancel = new CancelRun({ persistence, platform, events });
    const context = testContext({ tenantId: installation.tenantId, visibility: 'tenant' });
    for (let round = 0; round < 5; round += 1) {
      const { run, end } = await aBusyRun();
      await platform.clock.sleep(30);
      try {
        const cancelled = await cancel.execute(context, { runId: run.id });
        expect(cancelled.state).toBe('cancelled');
      } finally {
        await end();
      }
      const after = await persistence.runs.find(run.tenantId, run.id);
      expect(after).toMatchObject({ state: 'cancelled' });
    }
  }, 60_000);
});
