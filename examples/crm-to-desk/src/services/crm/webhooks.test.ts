import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';

import { closeServer, listenOnLoopback } from '../http/loopback-server.js';
import { readBytes } from '../http/request-body.js';
import type { CrmFixture } from './crm.fixture.js';
import { openCrm } from './crm.fixture.js';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let fixture: CrmFixture;
let receiver: Server;
let receiverUrl: string;
let received: Received[];
let statuses: number[];
let token: string;

beforeEach(async () => {
  received = [];
  statuses = [];
  receiver = createServer((request, response) => {
    void readBytes(request).then((bytes) => {
      received.push({ headers: request.headers, body: bytes.toString('utf8') });
      response.writeHead(statuses.shift() ?? 204).end();
    });
  });
  receiverUrl = await listenOnLoopback(receiver, 0);
  fixture = await openCrm({ records: 10, webhookAttempts: 3, webhookBackoffMs: 20 });
  token = (await fixture.connect()).access;
});

afterEach(async () => {
  await fixture.crm.close();
  await closeServer(receiver);
});

async function subscribe(): Promise<{ id: string; secret: string }> {
  const body = { url: `${receiverUrl}/hook`, events: ['contact.updated'] };
  const response = await fixture.call('/webhooks', { token, body });
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string; secret: string };
}

async function rename(name: string): Promise<void> {
  const change = { token, method: 'PATCH', body: { name } };
  expect((await fixture.call('/contacts/place-3039154', change)).status).toBe(200);
}

async function settled(deliveries: number): Promise<void> {
  const done = () => {
    const { delivered, failed } = fixture.crm.report().webhooks;
    return delivered + failed >= deliveries;
  };
  while (!done()) await sleep(5);
}

function plainHeaders({ headers }: Received): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

describe('webhooks', () => {
  it('are signed so that the reference library accepts them, and only unchanged', async () => {
    const { secret } = await subscribe();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
    await rename('El Tarter de Dalt');
    await settled(1);

    const [message] = received;
    if (message === undefined) throw new Error('Nothing came.');
    const webhook = new Webhook(secret);
    expect(webhook.verify(message.body, plainHeaders(message))).toMatchObject({
      type: 'contact.updated',
      data: { id: 'place-3039154', name: 'El Tarter de Dalt' },
    });
    const forged = message.body.replace('Dalt', 'Baix');
    expect(() => webhook.verify(forged, plainHeaders(message))).toThrow();
  });

  it('are tried again under the same id until they are accepted', async () => {
    const { secret } = await subscribe();
    statuses = [500, 503];
    await rename('Second try');
    await settled(1);
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const message of received) {
      expect(() => new Webhook(secret).verify(message.body, plainHeaders(message))).not.toThrow();
    }
    expect(fixture.crm.report().webhooks).toMatchObject({ delivered: 1, failed: 0, attempts: 3 });
  });

  it('are given up after the last try', async () => {
    await subscribe();
    statuses = [500, 500, 500, 500];
    await rename('Never');
    await settled(1);
    expect(received).toHaveLength(3);
    expect(fixture.crm.report().webhooks).toMatchObject({ delivered: 0, failed: 1 });
    const { items } = (await (await fixture.call('/__control/deliveries')).json()) as {
      items: unknown[];
    };
    expect(items).toMatchObject([{ state: 'failed', attempts: [500, 500, 500] }]);
  });

  it('can be sent once more on demand, under the same id', async () => {
    await subscribe();
    await rename('Twice');
    await settled(1);
    await fixture.call('/__control/webhooks/duplicate-last', { body: {} });
    await settled(2);
    const ids = received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(received[1]?.body).toBe(received[0]?.body);
  });

  it('stop when the subscription is deleted, and never show their secret again', async () => {
    const { id } = await subscribe();
    const list = await (await fixture.call('/webhooks', { token })).text();
    expect(list).toContain(id);
    expect(list).not.toContain('whsec_');
    const removed = await fixture.call(`/webhooks/${id}`, { token, method: 'DELETE' });
    expect(removed.status).toBe(204);
    await rename('Nobody listens');
    expect(fixture.crm.report().webhooks).toMatchObject({ published: 0, subscriptions: 0 });
    expect(await (await fixture.call('/webhooks', { token })).json()).toEqual({ items: [] });
  });
});
