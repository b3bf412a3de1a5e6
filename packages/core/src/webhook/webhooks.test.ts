import { describe, expect, it } from '@jest/globals';
import { testContext, uniqueId } from '@tenon/testing';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import { RedriveDeadLetter } from '../job/redrive-dead-letter.use-case.js';
import { CreateInstallation } from '../installation/create-installation.use-case.js';
import { DisableInstallation } from '../installation/disable-installation.use-case.js';
import { EnableInstallation } from '../installation/enable-installation.use-case.js';
import { TenonError } from '../platform/tenon.error.js';
import { ListWebhookDeliveries } from './list-webhook-deliveries.use-case.js';
import { MAX_WEBHOOK_BYTES, ReceiveWebhook } from './receive-webhook.use-case.js';
import type { WebhookEndpointId } from './webhook-endpoint.js';

const SECRET = 'canary-signing-secret';

interface Hooks {
  fail: boolean;
  seen: unknown[];
  url: string;
  secret: string | null;
}

function withWebhook(hooks: Hooks) {
  return defineIntegration({
    ...base,
    onCreate: async (ctx) => {
      hooks.url = (await ctx.webhooks.endpoint('crm')).url;
      if (hooks.secret !== null) await ctx.webhooks.setSecret('crm', hooks.secret, 'subscription');
    },
    jobs: { follow: { run: () => void hooks.seen.push('follow') } },
    webhooks: {
      crm: async (ctx) => {
        await ctx.jobs.enqueue('follow');
        if (hooks.fail) {
          throw new TenonError({ code: 'BAD', category: 'validation', message: 'Bad event' });
        }
        if (ctx.event.data['skip']) ctx.skip('asked to');
        hooks.seen.push(ctx.event.data['n']);
      },
    },
  });
}

async function setUp(secret: string | null = SECRET) {
  const hooks: Hooks = { fail: false, seen: [], url: '', secret };
  const world = await jobWorld(withWebhook(hooks));
  const input = { integration: 'mirror', connections: world.slots };
  const installation = await new CreateInstallation(world.parts).execute(world.context, input);
  const endpointId = hooks.url.split('/').at(-1) as WebhookEndpointId;
  const receive = new ReceiveWebhook(world.parts);
  const send = (body: string | Uint8Array, headers: Record<string, string> = {}) => {
    const rawBody = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const signature = world.platform.crypto.hmac({
      ...{ algorithm: 'sha256', key: SECRET, parts: [rawBody], output: 'hex' },
    });
    const all = { 'x-signature': signature, 'x-id': uniqueId(), ...headers };
    return receive.execute(world.app, { endpointId, headers: all, rawBody });
  };
  const statuses = async () => {
    const list = new ListWebhookDeliveries(world.parts);
    const page = await list.execute(world.context, { installationId: installation.id });
    return page.items;
  };
  return { hooks, world, installation, receive, send, statuses, endpointId };
}

describe('webhooks', () => {
  it('are kept and queued, then handled with everything that the handler asks for', async () => {
    const { hooks, world, send, statuses } = await setUp();
    expect(await send('{"n":1}')).toEqual({ status: 'accepted' });
    expect(await statuses()).toMatchObject([{ status: 'accepted' }]);
    expect(await world.work()).toEqual(['done', 'done']);
    expect(hooks.seen).toEqual([1, 'follow']);
    const [delivery] = await statuses();
    expect(delivery).toMatchObject({ status: 'processed', reason: null });
    expect(Object.keys(delivery!)).not.toContain('body');
    expect(world.eventsOf('webhook.accepted')).toHaveLength(1);
    world.logger.assertNever(SECRET);
  });

  it('are accepted once for each delivery id, also at the same time', async () => {
    const { hooks, world, send } = await setUp();
    const headers = { 'x-id': 'delivery-1' };
    const answers = await Promise.all([1, 2, 3].map(() => send('{"n":1}', headers)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      'accepted',
      'duplicate',
      'duplicate',
    ]);
    await world.work();
    expect(hooks.seen).toEqual([1, 'follow']);
  });

  it('are refused without a proof, a secret, an endpoint, or a JSON object', async () => {
    const { receive, send, statuses, world, installation } = await setUp();
    const code = (value: Promise<unknown>) =>
      value.catch((error: unknown) => (error as TenonError).code);
    expect(await code(send('{"n":1}', { 'x-signature': '00' }))).toBe('WEBHOOK_SIGNATURE_INVALID');
    expect(await code(send('[1]'))).toBe('WEBHOOK_BODY_INVALID');
    expect(await code(send('canary'))).toBe('WEBHOOK_BODY_INVALID');
    expect(await code(send(Uint8Array.of(0x7b, 0xff, 0x7d)))).toBe('WEBHOOK_BODY_INVALID');
    const large = new Uint8Array(MAX_WEBHOOK_BYTES + 1).fill(0x20);
    expect(await code(send(large))).toBe('WEBHOOK_BODY_TOO_LARGE');
    const nowhere = { endpointId: uniqueId<WebhookEndpointId>(), headers: {}, rawBody: large };
    expect(await code(receive.execute(world.app, nowhere))).toBe('WEBHOOK_ENDPOINT_NOT_FOUND');
    expect(await statuses()).toEqual([]);
    const { send: early } = await setUp(null);
    expect(await code(early('{}'))).toBe('WEBHOOK_NOT_READY');
    const stranger = testContext({ tenantId: world.tenant.id });
    const list = new ListWebhookDeliveries(world.parts);
    const foreign = list.execute(stranger, { installationId: installation.id });
    expect(await code(foreign)).toBe('INSTALLATION_NOT_FOUND');
  });

  it('end as skipped with a reason when the handler says so', async () => {
    const { world, send, statuses } = await setUp();
    await send('{"skip":true}');
    await world.work();
    expect(await statuses()).toMatchObject([{ status: 'skipped', reason: 'asked to' }]);
  });

  it('end as dead when the handler refuses them, and are processed after a redrive', async () => {
    const { hooks, world, send, statuses } = await setUp();
    hooks.fail = true;
    await send('{"n":5}');
    expect(await world.work()).toEqual(['dead']);
    expect(await statuses()).toMatchObject([{ status: 'dead', reason: 'BAD: Bad event' }]);
    hooks.fail = false;
    const [letter] = await world.deadLetters();
    const redrive = new RedriveDeadLetter(world.parts);
    await redrive.execute(world.context, { deadLetterId: letter!.id });
    expect(await world.work()).toEqual(['done', 'done']);
    expect(await statuses()).toMatchObject([{ status: 'processed' }]);
    expect(hooks.seen).toEqual([5, 'follow']);
  });

  it('are kept while the installation is disabled', async () => {
    const { hooks, world, installation, send, statuses } = await setUp();
    const input = { installationId: installation.id };
    await new DisableInstallation(world.parts).execute(world.context, input);
    expect(await send('{"n":9}')).toEqual({ status: 'accepted' });
    expect(await world.work()).toEqual(['parked']);
    expect(await statuses()).toMatchObject([{ status: 'accepted' }]);
    await new EnableInstallation(world.parts).execute(world.context, input);
    await world.work();
    expect(hooks.seen).toEqual([9, 'follow']);
  });
});
