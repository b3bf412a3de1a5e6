import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { secret } from '@tenon/core';
import type { ArchiveChunk, ImportProgress, TenantId } from '@tenon/core';
import { tenantRows, testAppContext } from '@tenon/testing';
import { testDatabases } from './databases.fixture.js';
import type { TestDatabase } from './databases.fixture.js';
import { startTestApp } from './test-app.fixture.js';
import type { TestApp } from './test-app.fixture.js';

jest.setTimeout(120_000);

const context = testAppContext();
const key = secret('a key that is long enough');
const CANARY = 'canary-of-the-move';
/** Entered by the moves themselves. */
const TRAIL = ['audit', 'auditHeads'];

async function* textOf(chunks: AsyncIterable<ArchiveChunk>): AsyncGenerator<string> {
  for await (const { text } of chunks) yield text;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

async function open(database: TestDatabase | undefined): Promise<TestApp> {
  const persistence = await database?.open();
  return startTestApp({ integrations: [], ...(persistence && { persistence }) });
}

/** A tenant with rows of every entity, under secrets that a dump would show. */
async function populate({ app }: TestApp): Promise<TenantId> {
  const { id } = await app.commands.tenants.create(context, { name: 'Moving' });
  for (const [entity, rows] of tenantRows(fc, { count: 30, seed: 7, tenantId: id })) {
    if (entity === 'tenants' || TRAIL.includes(entity)) continue;
    const given =
      entity === 'credentials'
        ? rows.map((row) => ({ ...row, material: secret({ token: CANARY }) }))
        : rows;
    await app.adapters.persistence.archive.write(id, entity, given);
  }
  return id;
}

async function exported({ app }: TestApp, tenantId: TenantId): Promise<string> {
  let text = '';
  for await (const piece of textOf(app.commands.data.export(context, { tenantId, key }))) {
    text += piece;
  }
  return text;
}

async function imported({ app }: TestApp, text: AsyncIterable<string>): Promise<ImportProgress[]> {
  const steps: ImportProgress[] = [];
  const input = { text, key, check: true };
  for await (const step of app.commands.data.import(context, input)) steps.push(step);
  return steps;
}

async function checksums({ app }: TestApp, text: string): Promise<unknown> {
  const { entities } = await app.commands.data.verify(context, { text: once(text), key });
  return entities.filter(({ entity }) => !TRAIL.includes(entity));
}

async function actions({ app }: TestApp, tenantId: TenantId): Promise<readonly string[]> {
  const inTenant = await app.commands.tenants.contextOf(context, { tenantId });
  expect(await app.commands.audit.verify(inTenant, {})).toMatchObject({ ok: true });
  const { items } = await app.commands.audit.list(inTenant, {});
  return items.map(({ action }) => action);
}

describe.each(testDatabases)('a tenant on $name', (database) => {
  let source: TestApp;
  let between: TestApp;
  let target: TestApp;

  beforeAll(async () => {
    source = await open(database);
    between = await open(undefined);
    target = await open(database);
  });

  afterAll(async () => {
    for (const app of [source, between, target]) await app.close();
  });

  it('goes through a file, another database and back with the same checksums and its trail', async () => {
    const tenantId = await populate(source);
    const first = await exported(source, tenantId);
    expect(first).not.toContain(CANARY);
    const steps = await imported(between, once(first));
    expect(steps.at(-1)).toMatchObject({ finished: true, equal: 0, different: 0 });
    const second = await exported(between, tenantId);
    await imported(target, once(second));
    const third = await exported(target, tenantId);
    const wanted = await checksums(source, first);
    expect(await checksums(source, second)).toEqual(wanted);
    expect(await checksums(source, third)).toEqual(wanted);
    const left = ['tenant.exported', 'tenant.export_started', 'tenant.created'];
    expect(await actions(source, tenantId)).toEqual(left);
    // Its end is entered once it is over, and is not in it.
    const [, ...began] = left;
    const there = ['tenant.export_started', 'tenant.imported', ...began];
    const moved = ['tenant.exported', 'tenant.export_started', 'tenant.imported', ...there];
    expect(await actions(target, tenantId)).toEqual(moved);
  });

  it('is copied without a file', async () => {
    const tenantId = await populate(source);
    const stream = textOf(source.app.commands.data.export(context, { tenantId, key }));
    const steps = await imported(target, stream);
    expect(steps.at(-1)).toMatchObject({ finished: true, different: 0 });
    const tenant = await source.app.commands.tenants.get(context, { tenantId });
    expect(await target.app.commands.tenants.get(context, { tenantId })).toEqual(tenant);
  });
});

const [, postgresql, mongodb] = testDatabases;

const pair = 'a tenant between PostgreSQL and MongoDB';
const told = mongodb ? pair : `${pair}: not tested, MONGODB_URI names no server`;

(mongodb ? describe : describe.skip)(told, () => {
  it('goes from one to the other and back without a file, with the same checksums', async () => {
    const apps = [await open(postgresql), await open(mongodb), await open(postgresql)] as const;
    try {
      const tenantId = await populate(apps[0]);
      const wanted = await checksums(apps[0], await exported(apps[0], tenantId));
      for (const [from, to] of [
        [apps[0], apps[1]],
        [apps[1], apps[2]],
      ] as const) {
        const stream = textOf(from.app.commands.data.export(context, { tenantId, key }));
        const steps = await imported(to, stream);
        expect(steps.at(-1)).toMatchObject({ finished: true, different: 0 });
        expect(await checksums(to, await exported(to, tenantId))).toEqual(wanted);
      }
    } finally {
      for (const app of apps) await app.close();
    }
  });
});
