import { describe, expect, it } from '@jest/globals';
import { testContext, uniqueId } from '@tenon/testing';
import { z } from 'zod';
import type { ConnectionId } from '../connection/connection.js';
import { Sweep } from '../app/sweep.use-case.js';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import type { JobWorld } from '../job/job-world.fixture.js';
import { unparkOnReauthorization } from '../job/unpark-jobs.js';
import { TenonError } from '../platform/tenon.error.js';
import { CreateInstallation } from './create-installation.use-case.js';
import { DeleteInstallation } from './delete-installation.use-case.js';
import { DisableInstallation } from './disable-installation.use-case.js';
import { EnableInstallation } from './enable-installation.use-case.js';
import { GetInstallation } from './get-installation.use-case.js';
import { RunAction } from './run-action.use-case.js';
import { StartRun } from './start-run.use-case.js';
import { UpdateInstallation } from './update-installation.use-case.js';

interface Hooks {
  fail: Error | null;
  gate: Promise<void> | null;
  seen: unknown[];
}

function withHooks(hooks: Hooks) {
  const call = async (what: unknown): Promise<void> => {
    hooks.seen.push(what);
    await hooks.gate;
    if (hooks.fail !== null) throw hooks.fail;
  };
  return defineIntegration({
    ...base,
    config: z.object({ size: z.number().default(10), when: z.date().optional() }),
    onCreate: async (ctx) => {
      const { url } = await ctx.webhooks.endpoint('crm');
      await ctx.jobs.start('work');
      ctx.addMessage('info', 'HELLO', url.slice(0, 8));
      await call(['create', ctx.config.size]);
    },
    onUpdate: async (ctx) => {
      await call(['update', ctx.previousConfig.size, ctx.config.size]);
      await ctx.jobs.enqueue('work');
    },
    onDelete: () => call('delete'),
    jobs: { work: { run: () => void hooks.seen.push('work') } },
    actions: {
      add: {
        input: z.object({ n: z.number() }),
        run: async (ctx) => {
          await ctx.jobs.enqueue('work');
          return { sum: ctx.input.n + 1 };
        },
      },
      odd: { run: () => new Date() as never },
    },
  });
}

async function setUp() {
  const hooks: Hooks = { fail: null, gate: null, seen: [] };
  const world = await jobWorld(withHooks(hooks));
  const create = new CreateInstallation(world.parts);
  const input = { integration: 'mirror', connections: world.slots };
  return { hooks, world, create, input };
}

async function count(world: JobWorld): Promise<number> {
  const page = { limit: 10, after: null };
  return (await world.innerPersistence.installations.list(world.tenant.id, {}, page)).items.length;
}

describe('creating installations', () => {
  it('enables them together with what onCreate asked for', async () => {
    const { hooks, world, create, input } = await setUp();
    const created = await create.execute(world.context, { ...input, config: { size: 3 } });
    expect(created).toMatchObject({
      ...{ status: 'enabled', config: { size: 3 }, name: 'Mirror' },
      messages: [{ code: 'HELLO', text: 'https://' }],
    });
    expect(await world.work()).toEqual(['done']);
    expect(hooks.seen).toEqual([['create', 3], 'work']);
    expect(world.eventsOf('installation.created')).toHaveLength(1);
  });

  it('checks everything before it writes anything', async () => {
    const { hooks, world, create, input } = await setUp();
    const { crm, desk } = world.slots;
    const wrong: [object, RegExp][] = [
      [{ connections: { crm } }, /connections\.desk: a connection to 'desk' is needed/],
      [{ connections: { crm, desk, desc: desk } }, /connections\.desc: .*did you mean 'desk'/],
      [{ connections: { crm: desk, desk } }, /connections\.crm: it needs a connection to 'crm'/],
      [{ connections: { crm: uniqueId<ConnectionId>(), desk } }, /no connection with this id/],
      [{ config: { size: 'x' } }, /config\.size/],
      [{ config: { when: new Date() } }, /config\.when: a Date is not JSON/],
      [{ name: ' ' }, /name: /],
    ];
    for (const [change, message] of wrong) {
      const call = create.execute(world.context, { ...input, ...change });
      await expect(call).rejects.toThrow(message);
    }
    const unknown = create.execute(world.context, { ...input, integration: 'nothing' });
    await expect(unknown).rejects.toMatchObject({ code: 'INTEGRATION_NOT_FOUND' });
    const stranger = testContext({ tenantId: world.tenant.id });
    await expect(create.execute(stranger, input)).rejects.toThrow(/no connection with this id/);
    expect(await count(world)).toBe(0);
    expect(hooks.seen).toEqual([]);
  });

  it('keeps a failed one in state error, and picks it up when it is created again', async () => {
    const { hooks, world, create, input } = await setUp();
    hooks.fail = new TenonError({
      code: 'NO',
      category: 'provider',
      message: 'The provider says no',
    });
    const failed = create.execute(world.context, input);
    await expect(failed).rejects.toMatchObject({
      ...{ code: 'INSTALLATION_HOOK_FAILED', category: 'provider', details: { code: 'NO' } },
    });
    const page = { limit: 1, after: null };
    const all = await world.innerPersistence.installations.list(world.tenant.id, {}, page);
    const installationId = all.items[0]!.id;
    await expect(failed).rejects.toMatchObject({ details: { installationId } });
    const { installations, outbox } = world.innerPersistence;
    const row = await installations.find(world.tenant.id, installationId);
    expect(row).toMatchObject({ status: 'error', messages: [{ code: 'ON_CREATE_FAILED' }] });
    expect((await outbox.status()).waiting).toBe(0);
    hooks.fail = null;
    const created = await create.execute(world.context, { ...input, config: { size: 5 } });
    expect(created).toMatchObject({ id: installationId, status: 'enabled', config: { size: 5 } });
    const again = create.execute(world.context, input);
    await expect(again).rejects.toMatchObject({
      ...{ code: 'INSTALLATION_EXISTS', details: { installationId } },
    });
  });

  it('lets one of two calls at the same time win', async () => {
    const { hooks, world, create, input } = await setUp();
    let open = (): void => undefined;
    hooks.gate = new Promise((resolve) => (open = resolve));
    const calls = Promise.allSettled([1, 2, 3].map(() => create.execute(world.context, input)));
    await world.clock.advance(0);
    open();
    const results = await calls;
    const won = results.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(hooks.seen).toEqual([['create', 10]]);
    expect(await count(world)).toBe(1);
  });
});

describe('installations', () => {
  it('are reconfigured with onUpdate, or not at all', async () => {
    const { hooks, world, create, input } = await setUp();
    const { id: installationId } = await create.execute(world.context, input);
    await world.work();
    const update = new UpdateInstallation(world.parts);
    const change = { installationId, name: 'New', config: { size: 20 } };
    expect(await update.execute(world.context, change)).toMatchObject({ config: { size: 20 } });
    expect(await world.work()).toEqual(['done']);
    expect(hooks.seen).toContainEqual(['update', 10, 20]);
    hooks.fail = new Error('canary-detail');
    const failed = update.execute(world.context, { installationId, config: { size: 30 } });
    await expect(failed).rejects.toMatchObject({ code: 'INSTALLATION_HOOK_FAILED' });
    await expect(failed).rejects.not.toThrow(/canary/);
    const get = new GetInstallation(world.parts);
    const now = await get.execute(world.context, { installationId });
    expect(now).toMatchObject({ name: 'New', config: { size: 20 } });
  });

  it('park their jobs while disabled and let them go on when enabled', async () => {
    const { hooks, world, create, input } = await setUp();
    const { id: installationId } = await create.execute(world.context, input);
    const parts = world.parts;
    await new DisableInstallation(parts).execute(world.context, { installationId });
    expect(await world.work()).toEqual(['parked']);
    expect(await world.deadLetters()).toMatchObject([{ reason: 'installation_disabled' }]);
    const refused = new StartRun(parts).execute(world.context, { installationId, job: 'work' });
    await expect(refused).rejects.toMatchObject({ code: 'INSTALLATION_NOT_ENABLED' });
    await new EnableInstallation(parts).execute(world.context, { installationId });
    expect(await world.work()).toEqual(['done']);
    expect(hooks.seen).toContain('work');
    expect(await world.deadLetters()).toEqual([]);
  });

  it('go on when a connection is authorised again', async () => {
    const { world, create, input } = await setUp();
    await create.execute(world.context, input);
    const { connections } = world.innerPersistence;
    const { id: connectionId } = world.connections.desk;
    const set = (state: 'active' | 'needs_reauthorization') =>
      connections.setState(world.tenant.id, connectionId, { state, problem: null, at: new Date() });
    await set('needs_reauthorization');
    expect(await world.work()).toEqual(['parked']);
    const stop = unparkOnReauthorization(world.parts.events, world.parts, world.logger);
    await set('active');
    const { userId } = world.connections.desk;
    const data = { connectionId, connector: 'desk', userId };
    world.parts.events.publish(world.tenant.id, 'connection.reauthorized', data);
    await world.clock.advance(0);
    expect(await world.work()).toEqual(['done']);
    stop();
  });

  it('run declared actions only, with checked inputs and JSON answers', async () => {
    const { world, create, input } = await setUp();
    const { id: installationId } = await create.execute(world.context, input);
    await world.work();
    const run = new RunAction(world.parts);
    const add = { installationId, action: 'add', input: { n: 2 } };
    expect(await run.execute(world.context, add)).toEqual({ sum: 3 });
    expect(await world.work()).toEqual(['done']);
    for (const action of ['toString', '__proto__', 'constructor', 'adds']) {
      const call = run.execute(world.context, { installationId, action });
      await expect(call).rejects.toMatchObject({ code: 'ACTION_NOT_FOUND' });
    }
    const wrong = run.execute(world.context, { ...add, input: { n: 'x' } });
    await expect(wrong).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    const odd = run.execute(world.context, { installationId, action: 'odd' });
    await expect(odd).rejects.toThrow(/a Date is not JSON/);
    const stranger = run.execute(testContext({ tenantId: world.tenant.id }), add);
    await expect(stranger).rejects.toMatchObject({ code: 'INSTALLATION_NOT_FOUND' });
  });

  it('start one run per key', async () => {
    const { world, create, input } = await setUp();
    const { id: installationId } = await create.execute(world.context, input);
    const start = new StartRun(world.parts);
    const wish = { installationId, job: 'work', key: 'k' };
    const runs = await Promise.all([1, 2, 3].map(() => start.execute(world.context, wish)));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    const wrong = start.execute(world.context, { installationId, job: 'wrok' });
    await expect(wrong).rejects.toThrow(/did you mean 'work'/);
  });

  it('are deleted with what they own, also when onDelete fails, and by the sweep when cut short', async () => {
    const { hooks, world, create, input } = await setUp();
    const { id: installationId } = await create.execute(world.context, input);
    await world.work();
    hooks.fail = new Error('the provider is away');
    const remove = new DeleteInstallation(world.parts);
    await remove.execute(world.context, { installationId });
    expect(await count(world)).toBe(0);
    await expect(remove.execute(world.context, { installationId })).rejects.toMatchObject({
      code: 'INSTALLATION_NOT_FOUND',
    });
    hooks.fail = null;
    const second = await world.addInstallation({ status: 'deleting' });
    const counts = await new Sweep(world.parts).execute(world.app, {});
    expect(counts).toMatchObject({ installations: 1 });
    const { installations } = world.innerPersistence;
    expect(await installations.find(world.tenant.id, second.id)).toBeNull();
    expect(hooks.seen.filter((each) => each === 'delete')).toHaveLength(2);
  });
});
