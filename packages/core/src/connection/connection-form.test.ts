import { describe, expect, it } from '@jest/globals';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { aUser, createTestPlatform, testContext, uniqueId } from '@tenon/testing';
import { Registry } from '../app/registry.js';
import type { ApiClient } from '../connector/api-client.js';
import { defineConnector } from '../connector/connector.js';
import type { ApiClientFactory } from '../credential/api-client-factory.port.js';
import { EventBus } from '../event/event-bus.js';
import { silentLogger } from '../platform/logger.port.js';
import { StartConnectionForm } from './start-connection-form.use-case.js';
import { SubmitConnectionStep } from './submit-connection-step.use-case.js';

const auth = {
  type: 'api_key',
  fields: { domain: { label: 'Domain', secret: false }, apiKey: { label: 'Key' } },
  steps: [['domain'], ['apiKey']],
  placement: { in: 'header', name: 'x-key' },
} as const;

const define = (steps: readonly (readonly string[])[]) =>
  defineConnector<ApiClient>({
    name: 'desk',
    display: { label: 'Desk' },
    auth: { ...auth, steps },
    baseUrl: 'https://desk.example',
    api: (client) => client,
    identity: () => Promise.resolve({ externalId: 'acme' }),
  });

function setUp() {
  const platform = createTestPlatform();
  const persistence = createMemoryPersistence();
  const events = new EventBus({ ...platform, logger: silentLogger });
  const clients: ApiClientFactory = {
    create: (connector) => connector.api({} as ApiClient),
    createTemporary: (connector) => connector.api({} as ApiClient),
  };
  const registry = new Registry({ connectors: [define(auth.steps)], integrations: [] });
  const resumeParked = () => Promise.resolve();
  const parts = { ...platform, persistence, events, clients, registry, resumeParked };
  const context = testContext();
  const start = new StartConnectionForm(parts);
  const submit = new SubmitConnectionStep(parts);
  return { persistence, platform, context, start, submit };
}

describe('a form of several steps', () => {
  it('is filled in step by step and becomes a connection, once', async () => {
    const { persistence, context, start, submit } = setUp();
    const { tenantId } = context;
    await persistence.users.insert(aUser({ tenantId, id: context.userId! }));
    const first = await start.execute(context, { connector: 'desk', name: 'Main' });
    expect(first).toMatchObject({ step: 1, totalSteps: 2 });
    expect(Object.keys(first.fields)).toEqual(['domain']);
    const { form } = first;
    const send = (step: number, fields: Record<string, string>, asker = context) =>
      submit.execute(asker, { form, step, fields });
    await expect(send(2, { apiKey: 'k' })).rejects.toMatchObject({ code: 'FORM_STEP_CONFLICT' });
    await expect(send(1, { apiKey: 'k' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    for (const stranger of [
      testContext(),
      testContext({ tenantId }),
      testContext({ userId: context.userId }),
    ])
      await expect(send(1, { domain: 'acme' }, stranger)).rejects.toMatchObject({
        code: 'AUTHORIZATION_INVALID',
      });
    const second = await send(1, { domain: 'acme' });
    expect(second).toMatchObject({ done: false, next: { step: 2, fields: { apiKey: {} } } });
    const results = await Promise.allSettled([1, 2, 3].map(() => send(2, { apiKey: 'key' })));
    const good = results.filter((result) => result.status === 'fulfilled');
    expect(good).toMatchObject([
      { value: { done: true, connection: { name: 'Main', profile: { domain: 'acme' } } } },
    ]);
    const page = { limit: 10, after: null };
    const { items } = await persistence.connections.list(tenantId, {}, page);
    expect(items).toHaveLength(1);
    const kept = await persistence.credentials.findByConnection(tenantId, items[0]!.id);
    expect(kept?.material.reveal()).toEqual({
      ...{ type: 'api_key', fields: { domain: 'acme', apiKey: 'key' } },
    });
    await expect(send(2, { apiKey: 'key' })).rejects.toMatchObject({
      code: 'AUTHORIZATION_INVALID',
    });
  });

  it('ends after ten minutes, and is unknown to others', async () => {
    const { platform, context, start, submit } = setUp();
    const { form } = await start.execute(context, { connector: 'desk' });
    platform.clock.jumpTo(new Date(platform.clock.now().getTime() + 10 * 60_000));
    for (const each of [form, uniqueId()])
      await expect(
        submit.execute(context, { form: each, step: 1, fields: { domain: 'acme' } }),
      ).rejects.toMatchObject({ code: 'AUTHORIZATION_INVALID' });
  });

  it('names each field once', () => {
    for (const steps of [[['domain']], [['domain'], []], [['domain', 'apiKey'], ['apiKey']]])
      expect(() => define(steps)).toThrow(/steps must name each field once/);
  });
});
