import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { secret } from '../platform/secret.js';
import type { TenantId } from '../tenant/tenant.js';
import { archivedEntities } from './archive-entities.js';
import { sameArchiveRow } from './archive-row.js';
import {
  appContext,
  archiveKey,
  archiveWorld,
  pieces,
  populatedWorld,
} from './archive-world.fixture.js';
import type { ArchiveWorld } from './archive-world.fixture.js';
import type { ArchiveRow } from './tenant-archive.port.js';

const linesOf = (text: string): string[] => text.trimEnd().split('\n');

async function rowsOf(world: ArchiveWorld, tenantId: TenantId): Promise<Map<string, ArchiveRow[]>> {
  const reader = await world.persistence.archive.openReader();
  const all = new Map<string, ArchiveRow[]>();
  for (const entity of archivedEntities) {
    const rows: ArchiveRow[] = [];
    const options = { after: null, pageSize: 100 };
    for await (const page of reader.read(tenantId, entity, options)) rows.push(...page);
    all.set(entity, rows);
  }
  await reader.close();
  return all;
}

async function codeOf(promise: Promise<unknown>): Promise<string | null> {
  return promise.then(
    () => null,
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

/** Rows of both worlds that are there under the same key and yet differ. */
async function changed(a: ArchiveWorld, b: ArchiveWorld, tenantId: TenantId): Promise<string[]> {
  const [left, right] = [await rowsOf(a, tenantId), await rowsOf(b, tenantId)];
  return archivedEntities.filter((entity) => {
    // Until the end of an import the tenant itself is suspended.
    if (entity === 'tenants') return false;
    const mine = left.get(entity) ?? [];
    return (right.get(entity) ?? []).some(
      (row) => !mine.some((each) => sameArchiveRow(entity, each, row)),
    );
  });
}

describe('an archive of a tenant', () => {
  it('brings everything to another database, with the same checksums, and none of the secrets in it', async () => {
    const { world, tenantId, rows } = await populatedWorld();
    const text = await world.exported({ tenantId });
    const target = archiveWorld();
    const { inserted, finished } = await target.imported(text, { check: true });
    const total = [...rows.values()].reduce((sum, each) => sum + each.length, 0);
    // The tenant itself is counted with its entity's rows, and put there by other means.
    expect({ inserted, finished }).toEqual({ inserted: total - 1, finished: true });
    expect(await changed(world, target, tenantId)).toEqual([]);
    const tenant = await world.persistence.tenants.find(tenantId);
    expect(await target.persistence.tenants.find(tenantId)).toEqual(tenant);
    const again = await target.exported({ tenantId });
    const [first, second] = [await world.verified(text), await world.verified(again)];
    expect(second.entities).toEqual(first.entities);
    expect(first.entities.map(({ entity }) => entity)).toEqual(archivedEntities);
    expect(first.rows).toBe(total);
  });

  it('holds no secret in plain text', async () => {
    const { world, tenantId } = await populatedWorld();
    const canary = 'canary-of-the-archive';
    const [row] = (await rowsOf(world, tenantId)).get('credentials') ?? [];
    const connectionId = 'f0f0f0f0-0000-7000-8000-000000000000';
    const credential = { ...row, id: connectionId, connectionId, material: secret({ canary }) };
    await world.persistence.archive.write(tenantId, 'credentials', [credential]);
    const text = await world.exported({ tenantId });
    expect(text).not.toContain(canary);
    expect(text).toContain(connectionId);
  });

  it('with any byte changed is found out, and nothing wrong is written', async () => {
    const { world, tenantId } = await populatedWorld({ count: 2 });
    const bytes = Buffer.from(await world.exported({ tenantId }));
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, bits) => {
          const damaged = Buffer.from(bytes);
          damaged[at] = (damaged[at] ?? 0) ^ bits;
          const target = archiveWorld();
          const code = await codeOf(target.imported(damaged.toString()));
          expect(['ARCHIVE_DAMAGED', 'ARCHIVE_TRUNCATED', 'ARCHIVE_UNSUPPORTED']).toContain(code);
          expect(await changed(world, target, tenantId)).toEqual([]);
          const tenant = await target.persistence.tenants.find(tenantId);
          expect(tenant?.status ?? 'suspended').toBe('suspended');
        },
      ),
      { numRuns: 150 },
    );
  });

  it('tells entity and line of the damage', async () => {
    const { world, tenantId } = await populatedWorld();
    const lines = linesOf(await world.exported({ tenantId }));
    const at = lines.findIndex((line) => line.startsWith('{"e":"mappings"'));
    lines[at] = (lines[at] ?? '').replace('"kind":"', '"kind":"x');
    const check = lines.findIndex((line) => line.startsWith('{"check":{"e":"mappings"'));
    await expect(world.verified(`${lines.join('\n')}\n`)).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
      details: { line: check + 1, entity: 'mappings' },
    });
  });

  it('that is cut anywhere says so, and its export goes on to the same content', async () => {
    const { world, tenantId } = await populatedWorld({ count: 2 });
    const text = await world.exported({ tenantId });
    const { entities } = await world.verified(text);
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length - 1 }), async (length) => {
        const cut = bytes.subarray(0, length).toString();
        expect(['ARCHIVE_TRUNCATED', 'ARCHIVE_UNSUPPORTED']).toContain(
          await codeOf(world.verified(cut)),
        );
        const resumed = await resume(world, tenantId, bytes.subarray(0, length));
        expect((await world.verified(resumed)).entities).toEqual(entities);
      }),
      { numRuns: 40 },
    );
  });

  it('is not continued with another tenant, another key, or when rows came or went', async () => {
    const { world, tenantId } = await populatedWorld();
    const other = await populatedWorld({ persistence: world.persistence });
    const text = await world.exported({ tenantId });
    const cut = text.slice(0, text.indexOf('{"end":{"e":"installations"'));
    const resumed = (input: object) =>
      codeOf(world.exported({ tenantId, resume: pieces(cut), ...input }));
    expect(await resumed({ tenantId: other.tenantId })).toBe('ARCHIVE_SOURCE_CHANGED');
    expect(await resumed({ key: secret('quite another key') })).toBe('ARCHIVE_KEY_WRONG');
    const [user] = (await rowsOf(world, tenantId)).get('users') ?? [];
    await world.persistence.users.delete(tenantId, user?.['id'] as never);
    expect(await resumed({})).toBe('ARCHIVE_SOURCE_CHANGED');
  });

  it('is merged into a tenant that is there without its trail, which went on', async () => {
    const { world, tenantId } = await populatedWorld({ count: 2 });
    const text = await world.exported({ tenantId });
    const [head] = (await rowsOf(world, tenantId)).get('auditHeads') ?? [];
    const target = archiveWorld();
    const [tenant] = (await rowsOf(world, tenantId)).get('tenants') ?? [];
    await target.persistence.tenants.insert(tenant as never);
    const own = { ...head, sequence: 1_000, hash: 'of its own' };
    await target.persistence.archive.write(tenantId, 'auditHeads', [own]);
    expect(await target.imported(text, { mode: 'merge' })).toMatchObject({ different: 0 });
    const rows = await rowsOf(target, tenantId);
    expect(rows.get('auditHeads')).toEqual([own]);
    expect(rows.get('audit')).toEqual([]);
    expect(rows.get('users')).toHaveLength(2);
  });

  it('needs its key', async () => {
    const { world, tenantId } = await populatedWorld();
    const text = await world.exported({ tenantId });
    const target = archiveWorld();
    const wrong = target.imported(text, { key: secret('quite another key') });
    expect(await codeOf(wrong)).toBe('ARCHIVE_KEY_WRONG');
    expect(await codeOf(world.exported({ tenantId, key: secret('short') }))).toBe(
      'VALIDATION_FAILED',
    );
    expect(await target.persistence.tenants.find(tenantId)).toBeNull();
  });
});

async function resume(world: ArchiveWorld, tenantId: TenantId, cut: Buffer): Promise<string> {
  return world.exported({ tenantId, resume: pieces(cut.toString()), cut });
}

describe('an import', () => {
  it('that was interrupted is known as such, and goes on', async () => {
    const { world, tenantId } = await populatedWorld();
    const text = await world.exported({ tenantId });
    const target = archiveWorld();
    const cut = text.slice(0, text.indexOf('{"end":{"e":"installations"'));
    expect(await codeOf(target.imported(cut))).toBe('ARCHIVE_TRUNCATED');
    expect(await target.persistence.tenants.find(tenantId)).toMatchObject({ status: 'suspended' });
    expect(await codeOf(target.imported(text))).toBe('ARCHIVE_TENANT_EXISTS');
    const { equal } = await target.imported(text, { mode: 'resume', check: true });
    expect(equal).toBeGreaterThan(0);
    expect(await changed(world, target, tenantId)).toEqual([]);
    expect(await codeOf(target.imported(text, { mode: 'resume' }))).toBe('ARCHIVE_TENANT_EXISTS');
  });

  it('into a tenant that is there needs to be told so, and leaves alone what differs', async () => {
    const { world, tenantId } = await populatedWorld();
    const text = await world.exported({ tenantId });
    expect(await codeOf(world.imported(text))).toBe('ARCHIVE_TENANT_EXISTS');
    const merged = await world.imported(text, { mode: 'merge' });
    expect(merged).toMatchObject({ inserted: 0, different: 0 });
    const [user] = (await rowsOf(world, tenantId)).get('users') ?? [];
    const { users } = world.persistence;
    const found = await users.find(tenantId, user?.['id'] as never);
    if (found) await users.update({ ...found, email: 'new@example.com' });
    expect(await codeOf(world.imported(text, { mode: 'merge' }))).toBe('ARCHIVE_ROW_DIFFERS');
    const skipped = await world.imported(text, { mode: 'merge', skipDifferent: true });
    expect(skipped.different).toBe(1);
    const kept = await users.find(tenantId, user?.['id'] as never);
    expect(kept?.email).toBe('new@example.com');
  });

  it('whose result differs keeps the tenant suspended', async () => {
    const { world, tenantId } = await populatedWorld();
    const text = await world.exported({ tenantId });
    const target = archiveWorld();
    const cut = text.slice(0, text.indexOf('{"end":{"e":"users"'));
    await codeOf(target.imported(cut));
    const [user] = (await rowsOf(target, tenantId)).get('users') ?? [];
    const found = await target.persistence.users.find(tenantId, user?.['id'] as never);
    if (found) await target.persistence.users.update({ ...found, email: 'new@example.com' });
    const options = { mode: 'resume', skipDifferent: true, check: true } as const;
    expect(await codeOf(target.imported(text, options))).toBe('ARCHIVE_CHECK_FAILED');
    expect(await target.persistence.tenants.find(tenantId)).toMatchObject({ status: 'suspended' });
  });

  it('stops when it is asked to', async () => {
    const { world, tenantId } = await populatedWorld();
    const text = await world.exported({ tenantId });
    const signal = AbortSignal.abort(new Error('enough'));
    const { ImportTenant } = await import('./import-tenant.use-case.js');
    const { makeEncryptor } = await import('./archive-world.fixture.js');
    const { createTestPlatform } = await import('@tenon/testing');
    const target = archiveWorld();
    const parts = { ...createTestPlatform(), ...target.persistence, makeEncryptor };
    const use = new ImportTenant(parts);
    const progress = use.execute(
      { ...appContext, signal },
      { text: pieces(text), key: archiveKey },
    );
    await expect(progress.next()).rejects.toThrow('enough');
    expect(await target.persistence.tenants.find(tenantId)).toBeNull();
  });
});

describe('a file that this app cannot take', () => {
  const header = (text: string): Record<string, unknown> =>
    JSON.parse(linesOf(text)[0] ?? '') as Record<string, unknown>;

  it('is named with what does not fit', async () => {
    const { world, tenantId } = await populatedWorld({ count: 1 });
    const text = await world.exported({ tenantId });
    const refused = (first: unknown) => codeOf(world.verified(`${JSON.stringify(first)}\n`));
    expect(await refused({ ...header(text), version: 2 })).toBe('ARCHIVE_UNSUPPORTED');
    expect(await codeOf(world.verified('{"some":"file"}\n'))).toBe('ARCHIVE_UNSUPPORTED');
    expect(await codeOf(world.verified('no JSON\n'))).toBe('ARCHIVE_UNSUPPORTED');
    expect(await codeOf(world.verified(''))).toBe('ARCHIVE_TRUNCATED');
    expect(await codeOf(world.verified(`${text}more\n`))).toBe('ARCHIVE_DAMAGED');
  });

  it('may lack fields that are optional, and no others', async () => {
    const { assertReadable } = await import('./archive-format.js');
    const { world, tenantId } = await populatedWorld({ count: 1 });
    const first = header(await world.exported({ tenantId })) as never as {
      entities: Record<string, string[]>;
    };
    const users = first.entities['users'] ?? [];
    const withUsers = (shapes: readonly string[]) => () => {
      assertReadable({ ...first, entities: { ...first.entities, users: shapes } } as never);
    };
    expect(withUsers(users.filter((shape) => shape !== 'email:text?'))).not.toThrow();
    expect(withUsers(users.filter((shape) => shape !== 'kind:text'))).toThrow(
      "'kind:text' of users",
    );
    expect(withUsers([...users, 'shoeSize:whole'])).toThrow("'shoeSize:whole' of users");
    expect(withUsers(users.map((shape) => shape.replace('kind:text', 'kind:flag')))).toThrow(
      "'kind:flag' of users",
    );
    expect(() => {
      assertReadable({ ...first, entities: { ...first.entities, shoes: [] } } as never);
    }).toThrow("'shoes'");
  });
});
