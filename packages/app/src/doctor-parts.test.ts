import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineConnector } from '@tenon/core';
import type { Connector, Queue, QueueSetup } from '@tenon/core';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createNodePlatform } from '@tenon/platform-node';
import { aConnection, aTenant, aUser, startScriptedServer } from '@tenon/testing';
import type { ScriptedServer } from '@tenon/testing';
import { databaseClock, diagnoseTokenServers } from './diagnose-clocks.js';
import { diagnoseQueues } from './diagnose-queues.js';
import { diagnoseScopes } from './diagnose-scopes.js';
import { startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

const DAY_MS = 86_400_000;

function setupOf(overrides: Partial<QueueSetup> = {}): QueueSetup {
  const good = { visibilityMs: 1_800_000, maxReceives: 50, retentionMs: 14 * DAY_MS };
  return { queue: 'default', ...good, ...overrides };
}

/** A queue that answers how it is set up, and nothing else. */
function queueOf(...setups: readonly QueueSetup[]): Queue {
  return { inspect: () => Promise.resolve(setups) } as Partial<Queue> as Queue;
}

const shapes = [{ name: 'default', jobTimeoutMs: 300_000 }];

describe('queue settings', () => {
  it('are right when messages stay hidden six times as long as a job may take', async () => {
    const [settings, partial] = await diagnoseQueues(queueOf(setupOf()), shapes, undefined);
    expect(settings).toEqual({
      ...{ name: 'Queue settings', status: 'ok', advice: null },
      message: 'default: dead letters after 50 receives, hides messages for 1800 s',
    });
    expect(partial?.advice).toContain('ReportBatchItemFailures');
  });

  it.each([
    [{ visibilityMs: 1_799_000 }, 'is 1799 s, and a job may take 300 s', '1800 s at least'],
    [{ maxReceives: null }, 'no dead-letter queue', 'RedrivePolicy'],
    [{ maxReceives: 5 }, 'up after 5 receives', 'maxReceiveCount of default to 50'],
    [{ retentionMs: 3_600_000 }, 'keeps messages for 1 h', 'MessageRetentionPeriod'],
  ])('%j is told, with what to do', async (wrong, message, advice) => {
    const [found] = await diagnoseQueues(queueOf(setupOf(wrong)), shapes, 'https://sqs.example');
    expect(found).toMatchObject({ status: 'warning' });
    expect(found?.message).toContain(message);
    expect(found?.advice).toContain(advice);
  });

  it('of a local endpoint are shown alone', async () => {
    const queue = queueOf(setupOf({ visibilityMs: 30_000, maxReceives: null }));
    const found = await diagnoseQueues(queue, shapes, 'http://127.0.0.1:4566');
    expect(found).toMatchObject([{ status: 'ok', message: expect.stringContaining('local') }]);
  });
});

function oauth2Connector(name: string, server: string, scopes: readonly string[] = []): Connector {
  const connector = defineConnector({
    name,
    display: { label: name },
    auth: {
      ...{ type: 'oauth2', clientId: 'id', scopes },
      ...{ authorizationUrl: `${server}/authorize`, tokenUrl: `${server}/token` },
    },
    baseUrl: server,
    api: () => ({}),
    identity: () => Promise.resolve({ externalId: '1' }),
  });
  return connector;
}

describe('clocks', () => {
  it.each([
    [0, 'ok', 'within 5 s'],
    [-4_000, 'ok', 'within 5 s'],
    [30_000, 'warning', "this machine is 30 s behind the database's clock"],
    [-90_000, 'error', "this machine is 90 s ahead of the database's clock"],
  ])('%d ms apart from the database: %s', (skewMs, status, message) => {
    const found = databaseClock(skewMs);
    expect(found).toMatchObject({ status, message: expect.stringContaining(message) });
    expect(found.advice === null).toBe(status === 'ok');
  });

  describe('of servers that give tokens', () => {
    let server: ScriptedServer;
    let date: string | undefined;
    const http = createUndiciHttpClient({ egress: { allow: ['127.0.0.1'] } });
    const { clock } = createNodePlatform();
    beforeAll(async () => {
      server = await startScriptedServer(() => ({
        status: 405,
        headers: { ...(date !== undefined && { date }) },
      }));
    });
    afterAll(async () => {
      await http.close();
      await server.close();
    });
    const look = (...connectors: readonly Connector[]) =>
      diagnoseTokenServers({ http, clock }, connectors);

    it('are compared once for all connectors of a server', async () => {
      date = new Date().toUTCString();
      const found = await look(oauth2Connector('a', server.url), oauth2Connector('b', server.url));
      expect(found).toMatchObject([{ name: 'OAuth server of a, b', status: 'ok' }]);
      date = new Date(Date.now() + 3_600_000).toUTCString();
      const [late] = await look(oauth2Connector('a', server.url));
      expect(late).toMatchObject({ status: 'error', message: expect.stringContaining('behind') });
    });

    it('that do not answer are named', async () => {
      const gone = await startScriptedServer(() => ({ status: 200 }));
      await gone.close();
      const [found] = await look(oauth2Connector('a', gone.url));
      expect(found).toMatchObject({ status: 'warning' });
      expect(found?.message).toContain(`${gone.url} does not answer`);
    });
  });
});

describe('granted scopes', () => {
  let tenon: TestApp;
  const persistence = createMemoryPersistence();
  const shop = oauth2Connector('shop', 'https://shop.example', ['orders', 'products']);

  beforeAll(async () => {
    tenon = await startTestApp({ integrations: [], connectors: [shop], persistence });
  });
  afterAll(() => tenon.close());

  const look = () => {
    const { commands, adapters, registry } = tenon.app;
    const context = { requestId: 'test', actor: 'system', logger: adapters.logger } as const;
    return diagnoseScopes({ commands, context }, registry.connectors);
  };

  it('that are missing are counted and named, by connector', async () => {
    expect(await look()).toMatchObject([{ status: 'ok' }]);
    const lacking: string[] = [];
    for (const scopes of [['orders', 'products'], ['orders'], []]) {
      const tenant = aTenant();
      await persistence.tenants.insert(tenant);
      const user = aUser({ tenantId: tenant.id });
      await persistence.users.insert(user);
      const owner = { tenantId: tenant.id, userId: user.id };
      const connection = aConnection({ ...owner, connector: 'shop', scopes });
      await persistence.connections.insert(connection);
      if (scopes.length < 2) lacking.push(connection.id);
    }
    const [found] = await look();
    expect(found).toMatchObject({ name: 'Granted scopes', status: 'warning' });
    expect(found?.message).toContain('shop: 2 connections lack ');
    for (const word of [...lacking, 'orders', 'products']) expect(found?.message).toContain(word);
    expect(found?.advice).toContain('/api/connections/authorize');
  });
});
