import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectionId } from '../connection/connection.js';
import type { InstallationId } from '../installation/installation.js';
import type { RunId } from '../run/run.js';
import { uniqueId } from '@tenon/testing';
import { PUSH_INTERVAL_MS } from './socket-push.js';
import { socketWorld } from './socket-world.fixture.js';
import type { Person, SocketWorld } from './socket-world.fixture.js';

const runId = uniqueId<RunId>();
const installationId = uniqueId<InstallationId>();
let world: SocketWorld;
beforeEach(async () => {
  world = await socketWorld();
});

async function hearing(user: Person, ...topics: string[]) {
  const { id, tenantId } = await world.connect(user);
  await world.websocketConnections.subscribe(tenantId, id, topics);
  return id;
}

function progress(processed: number): void {
  const counts = { succeeded: processed, failed: 0, skipped: 0 };
  world.events.publish(world.tenant.id, 'run.progressed', {
    ...{ runId, installationId, state: 'running' as const },
    progress: { total: 1_000, processed, ...counts },
  });
}

const finish = (): void => {
  const data = { runId, installationId, state: 'succeeded' as const };
  world.events.publish(world.tenant.id, 'run.finished', data);
};

const seen = (messages: readonly unknown[]): unknown[] =>
  messages.map((message) => {
    const { event } = message as {
      event: { type: string; data: { progress?: { processed: number } } };
    };
    return event.data.progress?.processed ?? event.type;
  });

describe('pushing', () => {
  it('tells the progress of a run at once, then once a second, and always the last', async () => {
    const id = await hearing(world.ann, `runs/${runId}`);
    world.push.start('timed');
    for (let processed = 1; processed <= 1_000; processed += 1) {
      progress(processed);
      if (processed % 10 === 0) await world.clock.advance(25);
    }
    finish();
    await world.clock.advance(PUSH_INTERVAL_MS);
    const told = seen(world.sender.sentTo(id));
    // 2.5 seconds of changes: one message at once, one for each second, and the last.
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.slice(-2)).toEqual([1_000, 'run.finished']);
    expect(world.clock.waiting).toBe(0);
  });

  it('tells each browser what it hears, once for all of its topics', async () => {
    const run = await hearing(world.ann, `runs/${runId}`);
    const both = await hearing(world.ann, `runs/${runId}`, `installations/${installationId}`);
    const none = await hearing(world.ann, 'connections');
    world.push.start('flushed');
    finish();
    await world.push.flush();
    expect(world.sender.sentTo(run)).toEqual([
      {
        type: 'event',
        topics: [`runs/${runId}`],
        event: {
          id: expect.any(String),
          type: 'run.finished',
          time: world.clock.now().toISOString(),
          data: { runId, installationId, state: 'succeeded' },
        },
      },
    ]);
    expect(world.sender.sentTo(both)).toMatchObject([
      { topics: [`runs/${runId}`, `installations/${installationId}`] },
    ]);
    expect(world.sender.sentTo(none)).toEqual([]);
  });

  it('tells of an account to its owner and to those who see the tenant, not to others', async () => {
    const [ann, bob, org] = [world.ann, world.bob, world.org];
    const ids = [await world.connect(ann), await world.connect(bob), await world.connect(org)];
    for (const { id } of ids) await world.receive(id, { type: 'subscribe', topic: 'connections' });
    world.push.start('flushed');
    world.events.publish(world.tenant.id, 'connection.needs_reauthorization', {
      ...{ connectionId: uniqueId<ConnectionId>(), connector: 'crm' },
      ...{ userId: ann.user.id, code: 'REFRESH_REFUSED' },
    });
    await world.push.flush();
    const counts = ids.map(({ id }) => world.sender.sentTo(id));
    expect(counts[0]).toMatchObject([{ topics: ['connections'] }]);
    expect(counts[1]).toEqual([]);
    expect(counts[2]).toMatchObject([{ topics: ['connections'] }]);
  });

  it('keeps to the tenant of the event', async () => {
    const id = await hearing(world.ann, `runs/${runId}`);
    world.push.start('flushed');
    const data = { runId, installationId, state: 'failed' as const };
    world.events.publish(uniqueId(), 'run.finished', data);
    await world.push.flush();
    expect(world.sender.sentTo(id)).toEqual([]);
  });

  it('removes what is gone; what fails stops nobody, and is logged', async () => {
    const [gone, failing, fine] = [
      await hearing(world.ann, `runs/${runId}`),
      await hearing(world.ann, `runs/${runId}`),
      await hearing(world.bob, `runs/${runId}`),
    ];
    world.sender.lose(gone);
    world.sender.fail(failing);
    world.push.start('flushed');
    finish();
    await world.push.flush();
    expect(world.sender.sentTo(fine)).toHaveLength(1);
    expect(await world.websocketConnections.findById(gone)).toBeNull();
    expect(await world.websocketConnections.findById(failing)).not.toBeNull();
    expect(world.logger.lines.map(({ level, fields }) => [level, fields['failed']])).toEqual([
      ['warn', 1],
    ]);
  });

  it('tells what waits when it stops, and nothing afterwards', async () => {
    const id = await hearing(world.ann, `runs/${runId}`);
    world.push.start('timed');
    progress(1);
    await world.clock.advance(0);
    progress(2);
    await world.push.stop();
    progress(3);
    await world.push.flush();
    expect(seen(world.sender.sentTo(id))).toEqual([1, 2]);
    expect(world.clock.waiting).toBe(0);
  });
});

describe('publishing', () => {
  it('reaches a user, a topic or the tenant, and nobody else', async () => {
    const [ann, bob] = [await world.connect(world.ann), await world.connect(world.bob)];
    await world.websocketConnections.subscribe(world.tenant.id, bob.id, ['custom/board']);
    const publish = (to: Parameters<typeof world.publisher.publish>[1], data: string) =>
      world.publisher.publish(world.tenant.id, to, data);
    const one = { sent: 1, gone: 0, failed: 0 };
    expect(await publish({ userId: world.ann.user.id }, 'hello ann')).toEqual(one);
    expect(await publish({ topic: 'custom/board' }, 'moved')).toEqual(one);
    expect(await publish('tenant', 'all')).toEqual({ sent: 2, gone: 0, failed: 0 });
    expect(await world.publisher.publish(uniqueId(), 'tenant', 'other')).toMatchObject({ sent: 0 });
    expect(world.sender.sentTo(ann.id)).toEqual([
      { type: 'message', topic: null, data: 'hello ann' },
      { type: 'message', topic: null, data: 'all' },
    ]);
    expect(world.sender.sentTo(bob.id)[0]).toMatchObject({ topic: 'custom/board', data: 'moved' });
  });

  it('walks through pages of connections, and counts what became of each', async () => {
    const rows = Array.from({ length: 450 }, (_, index) => ({
      ...{ id: `p${index}`, tenantId: world.tenant.id, userId: world.ann.user.id },
      ...{ scopes: [], topics: [], endpoint: 'node:x', connectedAt: world.clock.now() },
      ...{ lastSeenAt: world.clock.now(), expiresAt: new Date('2100-01-01T00:00:00Z') },
    }));
    for (const row of rows) await world.websocketConnections.insert(row as never);
    for (let index = 0; index < 450; index += 10) world.sender.lose(`p${index}` as never);
    world.sender.fail('p7' as never);
    const tally = await world.publisher.publish(world.tenant.id, 'tenant', { a: 1 });
    expect(tally).toEqual({ sent: 404, gone: 45, failed: 1 });
    const again = await world.publisher.publish(world.tenant.id, 'tenant', { a: 1 });
    expect(again).toEqual({ sent: 404, gone: 0, failed: 1 });
  });

  it("refuses Tenon's own topics, what is no JSON, and what is too large", async () => {
    const publish = async (to: Parameters<typeof world.publisher.publish>[1], data: unknown) =>
      world.publisher.publish(world.tenant.id, to, data as never);
    const invalid = { code: 'VALIDATION_FAILED' };
    await expect(publish({ topic: `runs/${runId}` }, 1)).rejects.toMatchObject(invalid);
    await expect(publish('tenant', new Date())).rejects.toMatchObject(invalid);
    await expect(publish('tenant', '€'.repeat(40_000))).rejects.toMatchObject({
      code: 'WEBSOCKET_MESSAGE_TOO_LARGE',
    });
  });
});
