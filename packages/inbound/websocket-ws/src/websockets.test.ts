import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { uniqueName } from '@tenon/testing';
import { BEARER, ORIGIN, serve, until, websocketApp } from './websocket-world.fixture.js';
import type { Client, Refusal, Served, WebsocketApp } from './websocket-world.fixture.js';

let app: WebsocketApp;
let served: Served;
beforeAll(async () => {
  app = await websocketApp();
  served = await serve(app);
});
afterAll(() => served.close());

const codeOf = (made: Client | Refusal): unknown =>
  'status' in made ? [made.status, made.problem['code']] : 'open';
const rows = () =>
  app.websocketConnections.list(
    app.tenant.id,
    {},
    {
      ...{ afterId: null, limit: 100, now: app.clock.now() },
    },
  );

describe('the handshake', () => {
  it('takes a ticket as a protocol or in the query, once, and chooses the protocol', async () => {
    const ticket = await app.ticket();
    const protocols = ['tenon', `ticket.${ticket}`];
    const client = (await served.open('/ws', protocols)) as Client;
    expect(client.socket.protocol).toBe('tenon');
    expect(codeOf(await served.open('/ws', protocols))).toEqual([401, 'UNAUTHENTICATED']);
    const second = await served.open(`/ws?ticket=${await app.ticket()}`, ['tenon']);
    expect(codeOf(second)).toBe('open');
    client.socket.close();
    (second as Client).socket.close();
  });

  it('takes a bearer token in the header alone', async () => {
    const headers = { authorization: `Bearer ${BEARER}` };
    const client = await served.open('/ws', [], { headers });
    expect(codeOf(client)).toBe('open');
    (client as Client).socket.close();
    const inQuery = await served.open(`/ws?ticket=${BEARER}&token=${BEARER}`, []);
    expect(codeOf(inQuery)).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('refuses foreign origins, other paths, and who says nothing', async () => {
    const protocols = ['tenon', `ticket.${await app.ticket()}`];
    const foreign = await served.open('/ws', protocols, { origin: 'https://evil.example' });
    expect(codeOf(foreign)).toEqual([403, 'WEBSOCKET_ORIGIN_REFUSED']);
    expect(codeOf(await served.open('/other', protocols))).toEqual([404, 'WEBSOCKET_NOT_FOUND']);
    expect(codeOf(await served.open('/ws', []))).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('leaves no row behind for a client whose handshake is none', async () => {
    const before = (await rows()).map(({ id }) => id);
    const url = `${served.url.replace('ws', 'http')}/ws`;
    expect((await fetch(url)).status).toBe(426);
    const headers = {
      ...{ connection: 'Upgrade', upgrade: 'websocket', origin: ORIGIN },
      'sec-websocket-version': '13',
      'sec-websocket-protocol': `tenon, ticket.${await app.ticket()}`,
    };
    const status = await new Promise((resolve, reject) => {
      const answered = (answer: IncomingMessage) => resolve(answer.resume().statusCode);
      request(url, { headers }, answered).once('error', reject).end();
    });
    expect(status).toBe(400);
    await until(async () => (await rows()).every(({ id }) => before.includes(id)));
  });
});

describe('a connection', () => {
  it('subscribes, hears, unsubscribes, and is forgotten when it ends', async () => {
    const client = await served.connect();
    const topic = `custom/${uniqueName()}`;
    client.send({ type: 'subscribe', topic, id: '1' });
    expect(await client.next()).toEqual({ type: 'subscribed', topic, topics: [topic], id: '1' });
    const publish = () =>
      served.websockets.publish(
        { ...app.user, visibility: 'tenant' },
        {
          to: { topic },
          data: { n: 1 },
        },
      );
    expect(await publish()).toEqual({ sent: 1, gone: 0, failed: 0 });
    expect(await client.next()).toEqual({ type: 'message', topic, data: { n: 1 } });
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
    client.socket.close();
    await client.closed;
    await until(async () => (await publish()).sent === 0);
    await until(async () => (await rows()).every(({ topics }) => !topics.includes(topic)));
  });

  it('gets answers to malformed messages, and stays', async () => {
    const client = await served.connect();
    for (const text of ['{', '[]', '"x"', '{"type":"shout"}', '']) {
      client.send(text);
      expect(await client.next()).toMatchObject({ code: 'WEBSOCKET_MESSAGE_INVALID' });
    }
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    client.socket.close();
  });

  it('is ended for messages that are too large, or no text', async () => {
    const [large, binary] = [await served.connect(), await served.connect()];
    large.send('x'.repeat(40_000));
    expect(await large.closed).toMatchObject({ code: 1009 });
    binary.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
    expect(await binary.closed).toMatchObject({ code: 1003 });
  });

  it('is ended when it floods the server', async () => {
    const client = await served.connect();
    for (let count = 0; count < 500; count += 1) client.send({ type: 'ping' });
    expect(await client.closed).toEqual({ code: 1008, reason: 'too many messages' });
    expect(client.messages.length).toBeLessThan(200);
  });

  it('hears what another process publishes', async () => {
    const other = await serve(app, { collectEveryMs: 10 });
    try {
      const client = await other.connect();
      const to = { userId: app.ann.id };
      await served.websockets.publish(app.user, { to, data: 'from the other process' });
      expect(await client.next()).toMatchObject({ data: 'from the other process' });
    } finally {
      await other.close();
    }
  });

  it('never shows a token or a ticket in a log or an answer', async () => {
    const ticket = await app.ticket();
    const refused = await served.open(`/ws?ticket=${ticket}x`, ['tenon', `ticket.${ticket}x`]);
    expect(JSON.stringify(refused)).not.toContain(ticket.slice(-43));
    app.logger.assertNever(ticket.slice(-43));
    app.logger.assertNever(BEARER);
  });
});
