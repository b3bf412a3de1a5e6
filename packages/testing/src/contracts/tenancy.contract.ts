import type { Repositories, TenantId } from '@tenon/core';
import { aTenant } from '../fixtures/entities.js';
import { aFile, aWebsocketConnection } from '../fixtures/records.js';
import { uniqueId } from '../fixtures/unique.js';
import { codeOf, firstPage, revealed } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { scopeOf, World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** One row of each kind, a snapshot of them, and every method that takes a tenant, called with another one. */
async function estate(db: Repositories) {
  const world = await World.create(db);
  const user = await world.addUser({ username: uniqueId() });
  const membership = await world.addMembership({ userId: user.id });
  const { organizationId } = membership;
  const token = await world.addToken({ userId: user.id });
  const credential = await world.addCredential();
  const { tenantId, user: owner } = world;
  const connection = (await db.connections.find(tenantId, credential.connectionId))!;
  const installation = await world.addInstallation({ connections: { crm: connection.id } });
  const scope = scopeOf(installation);
  const run = await world.addRun(installation, { key: 'k' });
  const sync = await world.addSync(installation);
  const association = await world.addAssociation(installation, 2);
  const schedule = await world.addSchedule(installation);
  const deadLetter = await world.addDeadLetter(installation);
  const endpoint = await world.addEndpoint(installation);
  const delivery = await world.addDelivery(endpoint);
  const space = { tenantId, namespace: 'n' };
  const entry = { key: 'k', value: 1, expiresAt: null, now: at };
  const { version } = await db.states.put(space, entry);
  const stateOf = (other: TenantId) => ({ ...space, tenantId: other });
  const websocket = aWebsocketConnection({ ...world.owner, topics: ['t'] });
  await db.websocketConnections.insert(websocket);
  const browsers = { afterId: null, limit: 9, now: at };
  const file = aFile({ tenantId, checksum: 'c' });
  await db.files.insert(file);
  const snapshot = async (): Promise<unknown> =>
    revealed([
      await db.users.list(tenantId, {}, firstPage),
      await db.memberships.list(tenantId, {}, firstPage),
      await db.tokens.list(tenantId, undefined, firstPage),
      await db.connections.list(tenantId, {}, firstPage),
      await db.credentials.findByConnection(tenantId, connection.id),
      await db.installations.list(tenantId, {}, firstPage),
      await db.runs.list(tenantId, {}, firstPage),
      await db.syncs.list(tenantId, {}, firstPage),
      await db.associations.list(tenantId, {}, firstPage),
      await db.associationObjects.list(tenantId, {}, firstPage),
      await db.schedules.list(tenantId, {}, firstPage),
      await db.deadLetters.list(tenantId, {}, firstPage),
      await db.webhookEndpoints.list(tenantId, scope.installationId),
      await db.webhookDeliveries.list(tenantId, {}, firstPage),
      await db.states.get(space, 'k', at),
      await db.websocketConnections.list(tenantId, {}, browsers),
      await db.files.list(tenantId, {}, firstPage),
    ]);
  const problem = { code: 'X', message: 'x' };
  const message = { level: 'info', code: 'X', text: 'x', at } as const;
  const account = { userId: owner.id, connector: connection.connector };
  const settle = { status: 'dead', reason: 'x', at } as const;
  const { installationId } = scope;
  const reads = (other: TenantId): Record<string, () => Promise<unknown>> => ({
    'users.find': () => db.users.find(other, user.id),
    'users.findByUsername': () => db.users.findByUsername(other, user.username!),
    'memberships.find': () => db.memberships.find(other, organizationId, user.id),
    'connections.find': () => db.connections.find(other, connection.id),
    'connections.findByAccount': () =>
      db.connections.findByAccount(other, { ...account, externalId: connection.externalId }),
    'credentials.findByConnection': () => db.credentials.findByConnection(other, connection.id),
    'installations.find': () => db.installations.find(other, installation.id),
    'runs.find': () => db.runs.find(other, run.id),
    'runs.findByKey': () => db.runs.findByKey(other, installationId, 'k'),
    'syncs.find': () => db.syncs.find(other, sync.id),
    'syncs.findByName': () => db.syncs.findByName(other, installationId, sync.name),
    'associations.find': () => db.associations.find(other, association.id),
    'associations.findByName': () =>
      db.associations.findByName(other, installationId, association.name),
    'schedules.find': () => db.schedules.find(other, schedule.id),
    'runs.advance': () => db.runs.advance(other, run.id, { pendingJobs: -1, at }),
    'connections.setState': () =>
      db.connections.setState(other, connection.id, { state: 'disabled', problem, at }),
    'deadLetters.find': () => db.deadLetters.find(other, deadLetter.id),
    'webhookEndpoints.find': () => db.webhookEndpoints.find(other, installationId, endpoint.slot),
    'webhookDeliveries.find': () => db.webhookDeliveries.find(other, delivery.id),
    'websocketConnections.find': () => db.websocketConnections.find(other, websocket.id),
    'websocketConnections.subscribe': () =>
      db.websocketConnections.subscribe(other, websocket.id, ['x']),
    'websocketConnections.unsubscribe': () =>
      db.websocketConnections.unsubscribe(other, websocket.id, ['t']),
    'files.find': () => db.files.find(other, file.id),
    'files.findByChecksum': () => db.files.findByChecksum(other, 'c'),
    'states.get': () => db.states.get(stateOf(other), 'k', at),
    'states.compareAndSet': () => db.states.compareAndSet(stateOf(other), entry, version),
  });
  const lists = (other: TenantId): Record<string, () => Promise<unknown>> => ({
    'connections.findMany': () => db.connections.findMany(other, [connection.id]),
    'deadLetters.take': () => db.deadLetters.take(other, {}, 10),
    'webhookEndpoints.list': () => db.webhookEndpoints.list(other, installationId),
    'websocketConnections.list': () => db.websocketConnections.list(other, {}, browsers),
    'states.getMany': () => db.states.getMany(stateOf(other), ['k'], at),
    'states.scan': () =>
      db.states.scan(stateOf(other), { prefix: '', afterKey: null, limit: 9, now: at }),
  });
  const pages = (other: TenantId): Record<string, () => Promise<unknown>> => ({
    'users.list': () => db.users.list(other, {}, firstPage),
    'memberships.list': () => db.memberships.list(other, { organizationId }, firstPage),
    'tokens.list': () => db.tokens.list(other, user.id, firstPage),
    'connections.list': () => db.connections.list(other, account, firstPage),
    'installations.list': () => db.installations.list(other, {}, firstPage),
    'runs.list': () => db.runs.list(other, { installationId }, firstPage),
    'syncs.list': () => db.syncs.list(other, { installationId }, firstPage),
    'associations.list': () => db.associations.list(other, { installationId }, firstPage),
    'associationObjects.list': () =>
      db.associationObjects.list(other, { associationId: association.id }, firstPage),
    'schedules.list': () => db.schedules.list(other, { installationId }, firstPage),
    'deadLetters.list': () => db.deadLetters.list(other, { installationId }, firstPage),
    'files.list': () => db.files.list(other, {}, firstPage),
    'webhookDeliveries.list': () => db.webhookDeliveries.list(other, { installationId }, firstPage),
  });
  const writes = (other: TenantId): Record<string, () => Promise<unknown>> => ({
    'users.delete': () => db.users.delete(other, user.id),
    'memberships.delete': () => db.memberships.delete(other, organizationId, user.id),
    'tokens.revoke': () => db.tokens.revoke(other, token.id, { at }),
    'connections.delete': () => db.connections.delete(other, connection.id),
    'installations.addMessage': () => db.installations.addMessage(other, installation.id, message),
    'associations.delete': () => db.associations.delete(other, association.id),
    'schedules.delete': () => db.schedules.delete(other, schedule.id),
    'deadLetters.delete': () => db.deadLetters.delete(other, deadLetter.id),
    'webhookEndpoints.update': () =>
      db.webhookEndpoints.update({ ...endpoint, tenantId: other, externalId: 'stolen' }),
    'websocketConnections.touch': () =>
      db.websocketConnections.touch(other, websocket.id, { lastSeenAt: at, expiresAt: at }),
    'files.delete': () => db.files.delete(other, file.id),
    'states.delete': () => db.states.delete(stateOf(other), 'k', { now: at }),
    'webhookDeliveries.settle': () => db.webhookDeliveries.settle(other, delivery.id, settle),
  });
  const updates = (other: TenantId): Record<string, () => Promise<unknown>> => ({
    'users.update': () => db.users.update({ ...user, tenantId: other }),
    'memberships.update': () => db.memberships.update({ ...membership, tenantId: other }),
    'connections.update': () => db.connections.update({ ...connection, tenantId: other }),
    'credentials.update': () => db.credentials.update({ ...credential, tenantId: other }),
    'installations.update': () => db.installations.update({ ...installation, tenantId: other }),
    'syncs.update': () => db.syncs.update({ ...sync, tenantId: other }),
    'schedules.update': () => db.schedules.update({ ...schedule, tenantId: other }),
    'runs.update': () => db.runs.update({ ...run, tenantId: other }),
    'files.update': () => db.files.update({ ...file, tenantId: other }),
  });
  const revokeAll = (other: TenantId): Promise<number> => db.tokens.revokeAllOf(other, user.id, at);
  return { snapshot, reads, lists, pages, writes, updates, revokeAll };
}

/** Tests that another tenant's rows look like none, for every method that takes a tenant. */
export function tenancyContract({ describe, it, expect }: PersistenceSuite): void {
  describe('tenancy', () => {
    it("tenancy: another tenant's rows are not found and not changed", async ({ persistence }) => {
      const { id: other } = aTenant();
      const rows = await estate(persistence);
      const before = await rows.snapshot();
      await persistence.tenants.insert(aTenant({ id: other }));
      const answers = async (calls: Record<string, () => Promise<unknown>>) => {
        const named: Record<string, unknown> = {};
        for (const [name, call] of Object.entries(calls)) named[name] = await call();
        return named;
      };
      const all = <T>(calls: object, value: T): Record<string, T> =>
        Object.fromEntries(Object.keys(calls).map((name) => [name, value]));
      for (const tenant of [other, uniqueId<TenantId>(), 'malformed' as TenantId]) {
        expect(await answers(rows.reads(tenant))).toEqual(all(rows.reads(tenant), null));
        expect(await answers(rows.lists(tenant))).toEqual(all(rows.lists(tenant), []));
        expect(await answers(rows.pages(tenant))).toEqual(
          all(rows.pages(tenant), { items: [], nextCursor: null }),
        );
        expect(await answers(rows.writes(tenant))).toEqual(all(rows.writes(tenant), false));
        expect(await rows.revokeAll(tenant)).toBe(0);
        for (const [name, update] of Object.entries(rows.updates(tenant))) {
          expect([name, await codeOf(update())]).toEqual([name, 'VERSION_CONFLICT']);
        }
      }
      expect(await rows.snapshot()).toEqual(before);
    });

    it('tenancy: malformed ids are not found', async ({ persistence }) => {
      const { tenantId } = await World.create(persistence);
      for (const text of ['', 'x', "'; DROP TABLE users; --", '\\', '00000000']) {
        const id = text as never;
        const { users, connections, installations, runs, deadLetters } = persistence;
        const { credentials, webhookEndpoints, webhookDeliveries, tokens, mappings } = persistence;
        const answers: unknown[] = [
          await users.find(tenantId, id),
          await connections.find(tenantId, id),
          await connections.findByAccount(tenantId, {
            userId: id,
            connector: 'crm',
            externalId: 'x',
          }),
          await credentials.findByConnection(tenantId, id),
          await installations.find(tenantId, id),
          await runs.find(tenantId, id),
          await runs.findByKey(tenantId, id, 'k'),
          await deadLetters.find(tenantId, id),
          await webhookEndpoints.find(tenantId, id, 'crm'),
          await webhookEndpoints.findById(id),
          await webhookDeliveries.find(tenantId, id),
          await tokens.findWithOwner(id),
        ];
        expect(answers).toEqual(answers.map(() => null));
        expect(await users.delete(tenantId, id)).toBe(false);
        expect(await connections.delete(tenantId, id)).toBe(false);
        expect(await connections.findMany(tenantId, [id])).toEqual([]);
        expect(await tokens.revoke(tenantId, id, { at })).toBe(false);
        expect(await deadLetters.delete(tenantId, id)).toBe(false);
        expect(await installations.deleteBatch(tenantId, id, 10)).toBe(true);
        expect(await mappings.count({ tenantId, installationId: id, kind: 'x' })).toBe(0);
        expect((await runs.list(tenantId, { installationId: id }, firstPage)).items).toEqual([]);
        const filter = { connectionId: id };
        expect((await installations.list(tenantId, filter, firstPage)).items).toEqual([]);
      }
    });
  });
}
