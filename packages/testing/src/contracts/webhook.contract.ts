import { secret } from '@tenon/core';
import type { WebhookDelivery } from '@tenon/core';
import { aWebhookDelivery, aWebhookEndpoint } from '../fixtures/jobs.js';
import { uniqueId, uniqueName } from '../fixtures/unique.js';
import { atOnce, firstPage, later, revealed } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** Tests of `WebhookEndpointRepository`. */
export function webhookEndpointContract({ describe, it, expect }: PersistenceSuite): void {
  describe('webhookEndpoints', () => {
    it('webhookEndpoints: ensure keeps every field', async ({ persistence }) => {
      const { webhookEndpoints } = persistence;
      const world = await World.create(persistence);
      const scope = scopeOf(await world.addInstallation());
      const full = aWebhookEndpoint({ ...scope, externalId: 'subscription', slot: 'full' });
      for (const endpoint of [full, aWebhookEndpoint({ ...scope, signingSecret: null })]) {
        const expected = revealed(endpoint);
        expect(revealed(await webhookEndpoints.ensure(endpoint))).toEqual(expected);
        expect(revealed(await webhookEndpoints.findById(endpoint.id))).toEqual(expected);
        const { tenantId, installationId, slot } = endpoint;
        expect(revealed(await webhookEndpoints.find(tenantId, installationId, slot))).toEqual(
          expected,
        );
      }
      const list = await webhookEndpoints.list(world.tenantId, scope.installationId);
      expect(list.map(({ slot }) => slot).sort()).toEqual(['crm', 'full']);
      expect(await webhookEndpoints.findById(uniqueId())).toBeNull();
      expect(await webhookEndpoints.findById('../etc' as typeof full.id)).toBeNull();
    });

    it('webhookEndpoints: of twenty callers of ensure all get one endpoint', async ({
      persistence,
    }) => {
      const world = await World.create(persistence);
      const scope = scopeOf(await world.addInstallation());
      const answers = await atOnce(20, () =>
        persistence.webhookEndpoints.ensure(aWebhookEndpoint(scope)),
      );
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(new Set(answers.map(({ signingSecret }) => signingSecret?.reveal())).size).toBe(1);
      const list = await persistence.webhookEndpoints.list(world.tenantId, scope.installationId);
      expect(list).toHaveLength(1);
    });

    it('webhookEndpoints: update replaces secret, connection and external id', async ({
      persistence,
    }) => {
      const { webhookEndpoints } = persistence;
      const world = await World.create(persistence);
      const endpoint = await world.addEndpoint(await world.addInstallation());
      const next = {
        ...endpoint,
        signingSecret: secret('rotated'),
        connectionId: uniqueId<typeof endpoint.connectionId>(),
        externalId: 'new',
        updatedAt: at,
      };
      expect(await webhookEndpoints.update(next)).toBe(true);
      expect(revealed(await webhookEndpoints.findById(endpoint.id))).toEqual(revealed(next));
      const cleared = { ...next, signingSecret: null, externalId: null };
      expect(await webhookEndpoints.update(cleared)).toBe(true);
      expect(await webhookEndpoints.findById(endpoint.id)).toEqual(cleared);
      expect(await webhookEndpoints.update({ ...next, id: uniqueId() })).toBe(false);
    });
  });
}

/** Tests of `WebhookDeliveryRepository`. */
export function webhookDeliveryContract({ describe, it, expect }: PersistenceSuite): void {
  describe('webhookDeliveries', () => {
    it('webhookDeliveries: insert keeps every field', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { id: endpointId, ...endpoint } = await world.addEndpoint(
        await world.addInstallation(),
      );
      const { tenantId, installationId } = endpoint;
      const base = { tenantId, installationId, endpointId };
      const rows = [
        aWebhookDelivery({ ...base, body: secret('') }),
        aWebhookDelivery({
          ...base,
          body: secret(`{"name":"O'Brien 😀"}`.repeat(5_000)),
          contentType: 'application/json; charset=utf-8',
          status: 'dead',
          reason: 'It failed',
          settledAt: at,
        }),
      ];
      for (const row of rows) {
        expect(await persistence.webhookDeliveries.insert(row)).toBe(true);
        const found = await persistence.webhookDeliveries.find(tenantId, row.id);
        expect(revealed(found)).toEqual(revealed(row));
      }
    });

    it('webhookDeliveries: of twenty deliveries with one key one is stored', async ({
      persistence,
    }) => {
      const world = await World.create(persistence);
      const installation = await world.addInstallation();
      const endpoint = await world.addEndpoint(installation);
      const another = await world.addEndpoint(installation, { slot: 'desk' });
      const deliveryKey = uniqueName('msg');
      const deliveryTo = ({ id: endpointId }: typeof endpoint): WebhookDelivery =>
        aWebhookDelivery({ ...scopeOf(installation), endpointId, deliveryKey });
      const answers = await atOnce(20, () =>
        persistence.webhookDeliveries.insert(deliveryTo(endpoint)),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await persistence.webhookDeliveries.insert(deliveryTo(another))).toBe(true);
      const page = await persistence.webhookDeliveries.list(world.tenantId, {}, firstPage);
      expect(page.items).toHaveLength(2);
    });

    it('webhookDeliveries: settle and list by status and installation', async ({ persistence }) => {
      const world = await World.create(persistence);
      const installation = await world.addInstallation();
      const endpoint = await world.addEndpoint(installation);
      const other = await world.addEndpoint(await world.addInstallation());
      const [a, b, c] = [
        await world.addDelivery(endpoint, { createdAt: at }),
        await world.addDelivery(endpoint, { createdAt: later(at, 1) }),
        await world.addDelivery(other, { createdAt: later(at, 2) }),
      ];
      const { webhookDeliveries } = persistence;
      const change = { status: 'skipped', reason: 'not for us', at } as const;
      expect(await webhookDeliveries.settle(world.tenantId, b.id, change)).toBe(true);
      expect(await webhookDeliveries.settle(world.tenantId, uniqueId(), change)).toBe(false);
      const settled = { ...b, status: 'skipped', reason: 'not for us', settledAt: at };
      expect(revealed(await webhookDeliveries.find(world.tenantId, b.id))).toEqual(
        revealed(settled),
      );
      const list = async (filter: Parameters<typeof webhookDeliveries.list>[1]) =>
        (await webhookDeliveries.list(world.tenantId, filter, firstPage)).items.map(({ id }) => id);
      expect(await list({})).toEqual([c.id, b.id, a.id]);
      expect(await list({ status: 'accepted' })).toEqual([c.id, a.id]);
      const filter = { installationId: installation.id, status: 'skipped' } as const;
      expect(await list(filter)).toEqual([b.id]);
      const reopened = { status: 'accepted', reason: null, at: null } as const;
      expect(await webhookDeliveries.settle(world.tenantId, b.id, reopened)).toBe(true);
      expect(revealed(await webhookDeliveries.find(world.tenantId, b.id))).toEqual(revealed(b));
    });
  });
}
