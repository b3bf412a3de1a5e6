import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createUndiciHttpClient } from '@tenon/http-undici';
import {
  aConnection,
  aCredential,
  startScriptedServer,
  tenantRows,
  uniqueId,
} from '@tenon/testing';
import { Sweep } from '../app/sweep.use-case.js';
import { APP_TRAIL_ID } from '../audit/app-trail.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { defineConnector } from '../connector/connector.js';
import { withInstallationLease } from '../installation/installation-lease.js';
import { defineIntegration } from '../integration/define-integration.js';
import { base, jobWorld } from '../job/job-world.fixture.js';
import type { JobWorld, WorldOptions } from '../job/job-world.fixture.js';
import { childrenFirst, entities } from '../platform/entities.js';
import type { EntityName } from '../platform/entities.js';
import type { Persistence } from '../platform/persistence.port.js';
import { TenonError } from '../platform/tenon.error.js';
import { DeleteTenant } from './delete-tenant.use-case.js';
import { OpenTenantContext } from './open-tenant-context.use-case.js';
import { RequestTenantDeletion } from './request-tenant-deletion.use-case.js';
import { SetTenantStatus } from './set-tenant-status.use-case.js';
import type { TenantDeletion } from './tenant-deletion.js';
import type { TenantId } from './tenant.js';

const names = Object.keys(entities) as EntityName[];

/** Rows of a tenant, as far as an archive holds them. */
async function fill({ archive }: Persistence, tenantId: TenantId): Promise<void> {
  const seed = Math.floor(Math.random() * 1e9);
  for (const [entity, rows] of tenantRows(fc, { count: 3, seed, tenantId })) {
    if (entity !== 'tenants') await archive.write(tenantId, entity, rows);
  }
}

/** How many rows there are of the tenant, by entity. */
async function countRows({ archive }: Persistence, tenantId: TenantId) {
  const reader = await archive.openReader();
  const counts: Record<string, number> = {};
  for (const name of names.filter((each) => entities[each].tenant !== null)) {
    if (name !== 'rowCounts' && name !== 'outbox')
      counts[name] = await reader.count(tenantId, name);
  }
  await reader.close();
  return counts;
}

const sum = (counts: Record<string, number>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** A tenant with two installations, whose hook may fail, and rows of every kind beside them; and a neighbour. */
async function setUp(options: WorldOptions = {}) {
  const seen: string[] = [];
  const mirror = defineIntegration({
    ...base,
    jobs: { work: { run: () => void seen.push('work') } },
    onDelete: ({ installation }) => {
      seen.push(installation.id);
      throw new Error('The provider is away');
    },
  });
  const world = await jobWorld(mirror, options);
  const { innerPersistence: persistence } = world;
  const installations = [
    await world.addInstallation(),
    await world.addInstallation({ connections: { crm: world.connections.crm.id } }),
  ];
  await fill(persistence, world.tenant.id);
  const neighbour = uniqueId<TenantId>();
  await persistence.tenants.insert({ ...world.tenant, id: neighbour });
  await fill(persistence, neighbour);
  const deletion = new DeleteTenant(world.parts);
  return { world, persistence, installations, neighbour, seen, deletion };
}

async function expectGone(world: JobWorld, neighbour: { id: TenantId; had: number }) {
  const { innerPersistence: persistence, tenant } = world;
  expect(sum(await countRows(persistence, tenant.id))).toBe(0);
  expect(await persistence.tenants.find(tenant.id)).toBeNull();
  for (const entity of childrenFirst) {
    expect(await persistence.tenantData.deleteBatch(tenant.id, entity, 1)).toBe(0);
  }
  expect(sum(await countRows(persistence, neighbour.id))).toBe(neighbour.had);
}

describe('DeleteTenant', () => {
  it('deletes everything of the tenant and nothing of a neighbour, also when hooks fail', async () => {
    const { world, persistence, installations, neighbour, seen, deletion } = await setUp();
    const had = sum(await countRows(persistence, neighbour));
    const steps: TenantDeletion[] = [];
    const { id: tenantId } = world.tenant;
    const onProgress = (step: TenantDeletion) => void steps.push(step);
    const done = await deletion.execute(world.app, { tenantId, onProgress });
    expect(done).toMatchObject({ tenantId, installations: 5, connections: 5, finished: true });
    expect(steps.at(-1)).toEqual(done);
    expect(new Set(steps.map(({ entity }) => entity))).toContain('audit');
    expect(seen.sort()).toEqual(installations.map(({ id }) => id).sort());
    await expectGone(world, { id: neighbour, had });
    expect(world.eventsOf('tenant.deleted')).toHaveLength(1);
    const page = { limit: 10, after: null };
    const trail = await persistence.audit.list(APP_TRAIL_ID, {}, page);
    expect(trail.items.map(({ action, subject }) => [action, subject.id])).toEqual([
      ['tenant.deleted', tenantId],
      ['tenant.deletion_requested', tenantId],
    ]);
    expect(world.eventsOf('connection.deleted')).toHaveLength(5);
    expect(world.eventsOf('file.expired')).toHaveLength(3);
    await expect(deletion.execute(world.app, { tenantId })).rejects.toMatchObject({
      code: 'TENANT_NOT_FOUND',
    });
  });

  it('goes on from wherever its signal stopped it', async () => {
    const { world, persistence, neighbour, deletion } = await setUp();
    const had = sum(await countRows(persistence, neighbour));
    const { id: tenantId } = world.tenant;
    let calls = 0;
    for (let finished = false; !finished; calls += 1) {
      const left = sum(await countRows(persistence, tenantId));
      const stop = new AbortController();
      const context = { ...world.app, signal: stop.signal };
      const step = await deletion.execute(context, {
        tenantId,
        onProgress: ({ rows, installations, connections }) => {
          if (rows + installations + connections > 0) stop.abort();
        },
      });
      ({ finished } = step);
      if (!finished) {
        expect(await persistence.tenants.find(tenantId)).toMatchObject({ status: 'deleting' });
        expect(sum(await countRows(persistence, tenantId))).toBeLessThan(left);
      }
    }
    expect(calls).toBeGreaterThan(10);
    await expectGone(world, { id: neighbour, had });
  });

  it('is gone on with by the sweep, however often the database fails', async () => {
    let count = 0;
    const persistence = (inner: Persistence): Persistence => ({
      ...inner,
      tenantData: {
        deleteBatch: (...args) => {
          count += 1;
          const error = new TenonError({
            code: 'DATABASE_UNAVAILABLE',
            category: 'unavailable',
            message: 'Away',
          });
          return [3, 30, 60].includes(count)
            ? Promise.reject(error)
            : inner.tenantData.deleteBatch(...args);
        },
      },
    });
    const { world, persistence: inner, neighbour } = await setUp({ persistence });
    // What of the neighbour has expired goes with any sweep.
    await new Sweep({ ...world.parts, persistence: inner }).execute(world.app, {});
    const had = sum(await countRows(inner, neighbour));
    const { id: tenantId } = world.tenant;
    const request = new RequestTenantDeletion({
      ...world.platform,
      tenants: inner.tenants,
      audit: world.parts.audit,
    });
    const marked = await request.execute(world.app, { tenantId });
    expect(marked).toMatchObject({ status: 'deleting', version: 2 });
    expect(await request.execute(world.app, { tenantId })).toEqual(marked);
    const sweep = new Sweep({ ...world.parts, persistence: persistence(inner) });
    let sweeps = 1;
    while ((await sweep.execute(world.app, {}))['tenants'] !== 1) {
      sweeps += 1;
      expect(sweeps).toBeLessThan(10);
    }
    expect(sweeps).toBe(4);
    await expectGone(world, { id: neighbour, had });
    await expect(request.execute(world.app, { tenantId })).rejects.toMatchObject({
      code: 'TENANT_NOT_FOUND',
    });
  });

  it('shuts the tenant at once: no contexts, no status, no jobs', async () => {
    const { world, persistence, installations, seen } = await setUp();
    const { tenants, users } = persistence;
    const { id: tenantId } = world.tenant;
    await world.start(installations[0]!, 'work');
    const { audit } = world.parts;
    const request = new RequestTenantDeletion({ ...world.platform, tenants, audit });
    await request.execute(world.app, { tenantId });
    const refused = { code: 'TENANT_DELETING', category: 'precondition' };
    const open = new OpenTenantContext({ tenants, users }).execute(world.app, { tenantId });
    await expect(open).rejects.toMatchObject(refused);
    const set = new SetTenantStatus({ tenants, clock: world.clock });
    const back = set.execute(world.app, { tenantId, status: 'active' });
    await expect(back).rejects.toMatchObject(refused);
    await world.settle();
    expect(seen).toEqual([]);
    expect((await world.deadLetters()).filter(({ message }) => message.job === 'work')).toEqual([]);
  });

  it('leaves an installation that is busy, and all after it, for the next call', async () => {
    const { world, persistence, installations, deletion } = await setUp();
    const { id: tenantId } = world.tenant;
    const { id } = installations[0]!;
    const { logger } = world;
    await withInstallationLease(world.parts, { id, logger }, async () => {
      const refused = deletion.execute(world.app, { tenantId });
      await expect(refused).rejects.toMatchObject({ code: 'INSTALLATION_BUSY', retryable: true });
    });
    const counts = await countRows(persistence, tenantId);
    expect(counts).toMatchObject({ installations: 1, connections: 5 });
    expect(await deletion.execute(world.app, { tenantId })).toMatchObject({
      ...{ installations: 1, connections: 5, finished: true },
    });
  });

  it('is done by one process at a time', async () => {
    const { world, deletion } = await setUp();
    const { id: tenantId } = world.tenant;
    const both = await Promise.allSettled([
      deletion.execute(world.app, { tenantId }),
      deletion.execute(world.app, { tenantId }),
    ]);
    const [done] = both.filter(({ status }) => status === 'fulfilled');
    const [refused] = both.filter(({ status }) => status === 'rejected');
    expect(done).toMatchObject({ value: { finished: true } });
    expect(refused).toMatchObject({ reason: { code: 'TENANT_DELETION_RUNNING', retryable: true } });
  });

  it('revokes at the provider, and writes what the trail has before it goes', async () => {
    const server = await startScriptedServer(({ path }) => ({
      status: path === '/revoke' ? 200 : 500,
    }));
    const http = createUndiciHttpClient({ egress: { allow: [new URL(server.url).host] } });
    const chat = defineConnector({
      name: 'chat',
      display: { label: 'Chat' },
      auth: {
        type: 'oauth2',
        authorizationUrl: `${server.url}/authorize`,
        tokenUrl: `${server.url}/token`,
        revocationUrl: `${server.url}/revoke`,
        clientId: 'c',
        scopes: [],
      },
      baseUrl: server.url,
      api: () => ({}),
      identity: () => Promise.resolve({ externalId: 'x' }),
    });
    try {
      const world = await jobWorld(defineIntegration({ ...base, connections: { chat } }));
      const { innerPersistence: persistence, tenant } = world;
      const owner = { tenantId: tenant.id, connector: 'chat' };
      for (const externalId of ['a', 'b']) {
        const connection = aConnection({ ...owner, externalId });
        await persistence.connections.insert(connection);
        const { id: connectionId, tenantId } = connection;
        await persistence.credentials.insert(aCredential({ tenantId, connectionId }));
      }
      const audit = new AuditTrail({ ...world.platform, persistence, logger: world.logger });
      audit.noteCredentialRead({
        ...{ tenantId: tenant.id, connectionId: 'c', connector: 'chat', purpose: 'call' },
        ...{ actor: { kind: 'app', userId: null }, requestId: 'r' },
      });
      const deletion = new DeleteTenant({ ...world.parts, http, audit });
      const done = await deletion.execute(world.app, { tenantId: tenant.id });
      expect(done).toMatchObject({ connections: 4, finished: true });
      expect(server.requests.filter(({ path }) => path === '/revoke')).toHaveLength(2);
      expect(audit.pending).toBe(false);
      expect(sum(await countRows(persistence, tenant.id))).toBe(0);
    } finally {
      await http.close();
      await server.close();
    }
  });
});
