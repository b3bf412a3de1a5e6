import { describe, expect, it } from '@jest/globals';
import { uniqueId } from '@tenon/testing';
import type { Commands } from '../app/commands.js';
import type { RunId } from '../run/run.js';
import type { InstallationId } from '../installation/installation.js';
import { pushingCommands } from './pushing-commands.js';
import { socketWorld } from './socket-world.fixture.js';

describe('pushingCommands', () => {
  it('tells browsers what a command did before it answers or throws', async () => {
    const world = await socketWorld();
    const { id } = await world.connect(world.org);
    const [runId, installationId] = [uniqueId<RunId>(), uniqueId<InstallationId>()];
    await world.websocketConnections.subscribe(world.tenant.id, id, [`runs/${runId}`]);
    const finish = (): void => {
      const data = { runId, installationId, state: 'failed' as const };
      world.events.publish(world.tenant.id, 'run.finished', data);
    };
    world.push.start('flushed');
    const commands = pushingCommands(
      {
        runs: { get: async () => finish(), cancel: async () => Promise.reject(new Error('no')) },
        data: { export: () => 'a stream' },
      } as unknown as Commands,
      world.push,
    );
    await commands.runs.get(world.org.context, { runId });
    expect(world.sender.sentTo(id)).toHaveLength(1);
    finish();
    await expect(commands.runs.cancel(world.org.context, { runId })).rejects.toThrow('no');
    expect(world.sender.sentTo(id)).toHaveLength(2);
    expect(commands.data.export(world.app, {} as never)).toBe('a stream');
  });

  it('leaves commands as they are where events are told by themselves', async () => {
    const world = await socketWorld();
    const commands = {} as Commands;
    expect(pushingCommands(commands, world.push)).toBe(commands);
  });
});
