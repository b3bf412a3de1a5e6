import { beforeEach, describe, expect, it } from '@jest/globals';
import { aRun, anInstallation, uniqueId } from '@tenon/testing';
import fc from 'fast-check';
import type { Installation } from '../installation/installation.js';
import type { Run } from '../run/run.js';
import { MAX_TOPICS_PER_SOCKET } from './receive-socket-message.use-case.js';
import { socketWorld } from './socket-world.fixture.js';
import type { Person, SocketWorld } from './socket-world.fixture.js';
import type { WebsocketConnectionId } from './websocket-connection.js';

let world: SocketWorld;
let heard: string[];
beforeEach(async () => {
  heard = [];
  world = await socketWorld({
    authorizeTopic: ({ userId }, name) => {
      heard.push(`${userId} ${name}`);
      return name.startsWith('board');
    },
  });
});

async function runOf(owner: Person): Promise<{ installation: Installation; run: Run }> {
  const tenantId = world.tenant.id;
  const installation = anInstallation({ tenantId, userId: owner.user.id });
  await world.installations.insert(installation);
  const run = aRun({ tenantId, installationId: installation.id });
  await world.runs.insert(run);
  return { installation, run };
}

const topicsOf = async (id: WebsocketConnectionId) =>
  (await world.websocketConnections.findById(id))?.topics;

describe('the websocket protocol', () => {
  it('subscribes to own runs, installations and connections, and unsubscribes', async () => {
    const { run, installation } = await runOf(world.ann);
    const { id } = await world.connect(world.ann);
    const topics = [`runs/${run.id}`, `installations/${installation.id}`, 'connections'];
    for (const topic of topics) {
      expect(await world.receive(id, { type: 'subscribe', topic, id: 'q1' })).toMatchObject({
        ...{ type: 'subscribed', topic, id: 'q1' },
        topics: expect.arrayContaining([topic]),
      });
    }
    const ann = world.ann.user.id;
    expect(await topicsOf(id)).toEqual([`connections/of/${ann}`, topics[1], topics[0]]);
    for (const topic of topics) {
      const answer = await world.receive(id, { type: 'unsubscribe', topic });
      expect(answer).toMatchObject({ type: 'unsubscribed', topic });
    }
    expect(await topicsOf(id)).toEqual([]);
    expect(await world.receive(id, { type: 'ping', id: 'p' })).toEqual({ type: 'pong', id: 'p' });
  });

  it("refuses what is another user's or another tenant's, as if it were not there", async () => {
    const { run, installation } = await runOf(world.bob);
    const stranger = await socketWorld();
    const { id } = await world.connect(world.ann);
    const subscribe = async (topic: string) => {
      const { code, message } = await world.receive(id, { type: 'subscribe', topic });
      return { code, message: String(message).replaceAll(/[0-9a-f-]{36}/g, '<id>') };
    };
    const unknown = await subscribe(`runs/${uniqueId()}`);
    expect(unknown.code).toBe('RUN_NOT_FOUND');
    expect(await subscribe(`runs/${run.id}`)).toEqual(unknown);
    expect(await subscribe('runs/x')).toMatchObject({ code: 'RUN_NOT_FOUND' });
    const other = await subscribe(`installations/${installation.id}`);
    expect(other.code).toBe('INSTALLATION_NOT_FOUND');
    const { id: foreign } = await stranger.connect(stranger.ann);
    expect(await world.receive(foreign, { type: 'ping' })).toEqual({ type: 'pong' });
    const all = await world.connect(world.org);
    const whole = await world.receive(all.id, { type: 'subscribe', topic: `runs/${run.id}` });
    expect(whole).toMatchObject({ type: 'subscribed' });
    expect(await topicsOf(id)).toEqual([]);
  });

  it('cannot subscribe to the names under which topics are stored, nor to unknown ones', async () => {
    const { id } = await world.connect(world.ann);
    for (const topic of [`connections/of/${world.bob.user.id}`, 'runs', 'x/y', '', 'custom/a b']) {
      const answer = await world.receive(id, { type: 'subscribe', topic });
      expect(answer).toMatchObject({ type: 'error', code: 'WEBSOCKET_TOPIC_UNKNOWN' });
    }
  });

  it('asks the scopes of the token', async () => {
    const { run } = await runOf(world.ann);
    const context = { ...world.ann.context, scopes: ['connections:read' as const] };
    const { id } = await world.connect({ context });
    const subscribe = (topic: string) => world.receive(id, { type: 'subscribe', topic });
    expect(await subscribe(`runs/${run.id}`)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await subscribe('connections')).toMatchObject({ type: 'subscribed' });
  });

  it("lets the app decide about topics of its own, and nobody hear them when it doesn't", async () => {
    const { id } = await world.connect(world.ann);
    const subscribe = (topic: string) => world.receive(id, { type: 'subscribe', topic });
    expect(await subscribe('custom/board/7')).toMatchObject({ type: 'subscribed' });
    expect(await subscribe('custom/else')).toMatchObject({ code: 'FORBIDDEN' });
    expect(heard).toEqual([`${world.ann.user.id} board/7`, `${world.ann.user.id} else`]);
    const silent = await socketWorld();
    const other = await silent.connect(silent.ann);
    const answer = await silent.receive(other.id, { type: 'subscribe', topic: 'custom/board' });
    expect(answer).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('bounds the topics of a connection, also when all come at once', async () => {
    const { id } = await world.connect(world.ann);
    const many = Array.from({ length: MAX_TOPICS_PER_SOCKET + 20 }, (_, index) =>
      world.receive(id, { type: 'subscribe', topic: `custom/board/${index}` }),
    );
    const answers = await Promise.all(many);
    expect(answers.filter(({ code }) => code === 'WEBSOCKET_TOO_MANY_TOPICS')).not.toEqual([]);
    expect((await topicsOf(id))?.length).toBeLessThanOrEqual(MAX_TOPICS_PER_SOCKET);
  });

  it('answers users who were disabled, and connections that have ended, with an error', async () => {
    const { id } = await world.connect(world.bob);
    await world.disable(world.bob);
    const ask = (connection: WebsocketConnectionId) =>
      world.receive(connection, { type: 'subscribe', topic: 'connections' });
    expect(await ask(id)).toMatchObject({ type: 'error', code: 'UNAUTHENTICATED' });
    const unknown = await ask('nobody' as WebsocketConnectionId);
    expect(unknown).toMatchObject({ type: 'error', code: 'WEBSOCKET_GONE' });
  });

  it('answers every text that is no message of the protocol with an error, and never throws', async () => {
    const { id } = await world.connect(world.ann);
    const text = fc.oneof(fc.string(), fc.json(), fc.constant('{"type":"subscribe","topic":7}'));
    await fc.assert(
      fc.asyncProperty(text, async (message) => {
        const { type, code } = await world.receive(id, message);
        expect([type, code]).toEqual(['error', 'WEBSOCKET_MESSAGE_INVALID']);
      }),
      { numRuns: 100 },
    );
    const large = JSON.stringify({ type: 'ping', id: 'x'.repeat(33_000) });
    expect(await world.receive(id, large)).toMatchObject({ code: 'WEBSOCKET_MESSAGE_TOO_LARGE' });
  });
});
