import { afterEach, describe, expect, it } from '@jest/globals';
import { defineConnector, defineIntegration, silentLogger } from '@tenon/core';
import type { Run } from '@tenon/core';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createNodePlatform } from '@tenon/platform-node';
import { createMemoryQueue } from '@tenon/queue-memory';
import { aTenant, aUser, anInstallation } from '@tenon/testing';
import { z } from 'zod';
import { createApp } from './create-app.js';
import { startService } from './service.js';
import type { Service } from './service.js';

const MINUTE_MS = 60_000;

const crm = defineConnector({
  name: 'crm',
  display: { label: 'CRM' },
  auth: { type: 'api_key', placement: { in: 'header', name: 'x-key' } },
  baseUrl: 'https://crm.example',
  api: () => ({}),
  identity: () => Promise.resolve({ externalId: 'acme' }),
});

/** Runs every day at the minute of `at`. */
function nightly(at: Date) {
  return defineIntegration({
    name: 'mirror',
    version: '1.0.0',
    display: { label: 'Mirror' },
    connections: { crm },
    config: z.object({}),
    jobs: { work: { run: () => undefined } },
    schedules: {
      nightly: { cron: `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`, job: 'work' },
    },
  });
}

describe('schedules of a service', () => {
  let service: Service | null = null;

  afterEach(() => service?.stop());

  it('start what was due while the process was being replaced', async () => {
    const platform = createNodePlatform();
    const encryptor = createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' });
    const persistence = createMemoryPersistence({ encryptor });
    const due = new Date(Math.floor((Date.now() - 2 * MINUTE_MS) / MINUTE_MS) * MINUTE_MS);
    const tenant = aTenant();
    const user = aUser({ tenantId: tenant.id });
    const installation = anInstallation({
      ...{ tenantId: tenant.id, userId: user.id, integration: 'mirror', status: 'enabled' },
    });
    await persistence.tenants.insert(tenant);
    await persistence.users.insert(user);
    await persistence.installations.insert(installation);
    const app = createApp({
      adapters: {
        ...{ platform, persistence, encryptor, logger: silentLogger },
        queue: createMemoryQueue({ queues: ['default'], clock: platform.clock, ids: platform.ids }),
        http: createUndiciHttpClient(),
      },
      settings: { publicUrl: 'http://127.0.0.1' },
      integrations: [nightly(due)],
    });
    service = await startService(app, { port: null, worker: false });
    const key = `schedule:nightly:${due.toISOString()}`;
    let run: Run | null = null;
    for (let round = 0; round < 40 && run === null; round += 1) {
      await platform.clock.sleep(50);
      run = await persistence.runs.findByKey(tenant.id, installation.id, key);
    }
    expect(run).toMatchObject({ job: 'work', key });
  });
});
