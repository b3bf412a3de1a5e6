import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineConnector, defineIntegration, systemContext } from '@tenon/core';
import type { TenantId } from '@tenon/core';
import WebSocket from 'ws';
import { z } from 'zod';
import { signUp } from './api-client.fixture.js';
import type { ApiCaller, Person } from './api-client.fixture.js';
import { startService } from './service.js';
import type { Service } from './service.js';
import { startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

const ORIGIN = 'https://product.example';

const crm = defineConnector({
  name: 'crm',
  display: { label: 'CRM' },
  auth: { type: 'api_key', placement: { in: 'header', name: 'x-key' } },
  baseUrl: 'http://127.0.0.1:9',
  api: () => ({}),
  identity: async () => ({ externalId: 'acme', name: 'Acme' }),
});

const counting = defineIntegration({
  name: 'counting',
  version: '1.0.0',
  display: { label: 'Counting' },
  connections: { crm },
  config: z.object({}),
  jobs: {
    count: {
      run: async ({ run, sockets, installation }) => {
        run?.addProgress({ total: 2, processed: 2, succeeded: 2 });
        await run?.save();
        await sockets.publish({ userId: installation.userId }, { counted: 2 });
      },
    },
  },
});

/** A browser of a person, and what it was told. */
interface Browser {
  readonly socket: WebSocket;
  /** Waits for a message that fits. */
  told(fits: (message: string) => boolean): Promise<string>;
}

async function browserOf({ api }: Person, url: string): Promise<Browser> {
  const { ticket } = await api.ok<{ ticket: string }>('POST', '/api/websocket-tickets');
  const protocols = ['tenon', `ticket.${ticket}`];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, protocols, { origin: ORIGIN });
  const messages: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    messages.push((data as Buffer).toString());
    for (const look of waiting) look();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    socket,
    told: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const message = messages.find(fits);
          if (message === undefined) return;
          waiting.delete(look);
          resolve(message);
        };
        waiting.add(look);
        look();
      }),
  };
}

async function install(api: ApiCaller): Promise<{ connectionId: string; installationId: string }> {
  const account = { connector: 'crm', fields: { apiKey: 'a-key-of-the-test' } };
  const connection = await api.ok<{ id: string }>('POST', '/api/connections', account);
  const wish = { integration: 'counting', connections: { crm: connection.id } };
  const { id } = await api.ok<{ id: string }>('POST', '/api/installations', wish);
  return { connectionId: connection.id, installationId: id };
}

describe('websockets of a service', () => {
  let tenon: TestApp;
  let service: Service;
  let ada: Person;
  let url: string;

  beforeAll(async () => {
    tenon = await startTestApp({ integrations: [counting] });
    service = await startService(tenon.app, { port: 0, host: '127.0.0.1', waitMs: 100 });
    url = `http://127.0.0.1:${service.port ?? 0}`;
    ada = await signUp(url);
  });

  afterAll(async () => {
    await service.stop();
    await tenon.close();
  });

  it('tell of connections, of the progress of a run to its end, and what a job says', async () => {
    const browser = await browserOf(ada, url);
    const subscribe = async (topic: string): Promise<void> => {
      browser.socket.send(JSON.stringify({ type: 'subscribe', topic, id: topic }));
      await browser.told((message) => message.includes(`"id":"${topic}"`));
    };
    await subscribe('connections');
    const { installationId, connectionId } = await install(ada.api);
    await browser.told(
      (message) => message.includes('connection.created') && message.includes(connectionId),
    );
    await subscribe(`installations/${installationId}`);
    await ada.api.ok('POST', `/api/installations/${installationId}/runs`, { job: 'count' });
    const progressed = await browser.told((message) => message.includes('run.progressed'));
    expect(progressed).toContain('"processed":2');
    await browser.told((message) => message.includes('run.finished'));
    const said = await browser.told((message) => message.includes('"type":"message"'));
    expect(JSON.parse(said)).toEqual({ type: 'message', topic: null, data: { counted: 2 } });
    browser.socket.close();
  });

  it('tell nobody of another tenant, whatever it asks for', async () => {
    const [eve, bob] = [await signUp(url), await signUp(url)];
    const { installationId } = await install(bob.api);
    const browser = await browserOf(eve, url);
    const topic = `installations/${installationId}`;
    browser.socket.send(JSON.stringify({ type: 'subscribe', topic }));
    const refused = await browser.told((message) => message.includes('"type":"error"'));
    expect(refused).toContain('INSTALLATION_NOT_FOUND');
    const context = systemContext({
      ...{ requestId: 'test', logger: tenon.logger },
      tenantId: bob.tenantId as TenantId,
    });
    const { websockets } = tenon.app.commands;
    expect(await websockets.publish(context, { to: 'tenant', data: 1 })).toMatchObject({ sent: 0 });
    browser.socket.close();
  });

  it('leave no ticket in the log, and end with the service', async () => {
    const browser = await browserOf(ada, url);
    const closed = new Promise((resolve) => browser.socket.once('close', resolve));
    await service.stop();
    expect(await closed).toBe(1001);
    tenon.logger.assertNever('tnw_');
  });
});
