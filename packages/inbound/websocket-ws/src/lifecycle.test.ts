import { describe, expect, it } from '@jest/globals';
import { TestClock } from '@tenon/testing';
import { serve, until, websocketApp } from './websocket-world.fixture.js';

const clock = () => new TestClock({ start: new Date() });

describe('the server of websockets', () => {
  it('cuts a client that does not answer pings, and keeps one that does', async () => {
    const app = await websocketApp();
    const time = clock();
    const served = await serve(app, { clock: time, heartbeatMs: 1_000, collectEveryMs: null });
    const silent = await served.connect({ autoPong: false });
    const lively = await served.connect();
    let pings = 0;
    lively.socket.on('ping', () => (pings += 1));
    const beat = async () => {
      const before = pings;
      await time.advance(1_000);
      await until(() => pings > before);
      // The answer to the ping is on its way before that to this message.
      lively.send({ type: 'ping' });
      await lively.next();
    };
    await beat();
    await beat();
    expect(await silent.closed).toMatchObject({ code: 1006 });
    expect(lively.socket.readyState).toBe(lively.socket.OPEN);
    await served.close();
  });

  it('ends connections that are old, so that they are authenticated anew', async () => {
    const app = await websocketApp();
    const time = clock();
    const served = await serve(app, { clock: time, heartbeatMs: 1_000, maxAgeMs: 1_000 });
    const client = await served.connect();
    await time.advance(1_000);
    expect(await client.closed).toEqual({ code: 1001, reason: 'connect anew' });
    await served.close();
  });

  it('prolongs rows, and ends connections of users who were deleted', async () => {
    const app = await websocketApp();
    const time = clock();
    const served = await serve(app, { clock: time, ttlMs: 3_000, heartbeatMs: 60_000 });
    const client = await served.connect();
    const page = { afterId: null, limit: 1, now: new Date(0) };
    const list = () => app.websocketConnections.list(app.tenant.id, {}, page);
    const [before] = await list();
    await until(async () => {
      await time.advance(1_000);
      const [row] = await list();
      return row!.expiresAt > before!.expiresAt;
    });
    await app.persistence.users.delete(app.tenant.id, app.ann.id);
    await time.advance(1_000);
    expect(await client.closed).toEqual({ code: 1008, reason: 'the user is gone' });
    await served.close();
  });

  it('cuts a client that reads too slowly instead of keeping everything for it', async () => {
    const app = await websocketApp();
    const served = await serve(app, { maxBufferedBytes: 1_024, collectEveryMs: null });
    const client = await served.connect();
    client.socket.pause();
    const to = { userId: app.ann.id };
    const data = 'x'.repeat(100_000);
    let gone = 0;
    await until(async () => {
      gone += (await served.websockets.publish(app.user, { to, data })).gone;
      return gone > 0;
    });
    client.socket.resume();
    expect(await client.closed).toMatchObject({ code: 1013 });
    await served.close();
  });

  it('asks clients to go when it stops, forgets them, and takes no more', async () => {
    const app = await websocketApp();
    const served = await serve(app);
    const clients = await Promise.all([served.connect(), served.connect()]);
    const stopping = served.sockets.stop(30_000);
    for (const { closed } of clients) {
      expect(await closed).toEqual({ code: 1001, reason: 'the server stops' });
    }
    await stopping;
    const page = { afterId: null, limit: 10, now: new Date(0) };
    expect(await app.websocketConnections.list(app.tenant.id, {}, page)).toEqual([]);
    expect(served.sockets.size).toBe(0);
    await served.close();
  });

  it('takes so many connections, and says when it is full', async () => {
    const app = await websocketApp();
    const served = await serve(app, { maxConnections: 1 });
    await served.connect();
    const refused = await served.open('/ws', ['tenon', `ticket.${await app.ticket()}`]);
    expect(refused).toMatchObject({ status: 503, problem: { code: 'WEBSOCKET_SERVER_FULL' } });
    await served.close();
  });

  it('refuses options that mean nothing', async () => {
    const app = await websocketApp();
    await expect(serve(app, { hartbeatMs: 1 } as never)).rejects.toThrow("'heartbeatMs'");
    await expect(serve(app, { path: 'ws' })).rejects.toThrow("path 'ws' must begin with /");
    await expect(serve(app, { ttlMs: 1 })).rejects.toThrow("'ttlMs' must be a number from 1000");
  });
});
