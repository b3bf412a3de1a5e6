import type { FileFilter, FileId, TrackedFile } from '@tenon/core';
import { aFile } from '../fixtures/records.js';
import { uniqueId, uniqueName, uniquePast } from '../fixtures/unique.js';
import { atOnce, codeOf, firstPage, later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const now = new Date('2026-05-06T07:08:09.123Z');
const MAX = 2n ** 63n - 1n;

async function add(world: World, overrides: Partial<TrackedFile> = {}): Promise<TrackedFile> {
  const file = aFile({ tenantId: world.tenantId, ...overrides });
  await world.repositories.files.insert(file);
  return file;
}

function rowContract({ it, expect }: PersistenceSuite): void {
  it('files: insert keeps every field', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { files } = persistence;
    const { id: installationId } = await world.addInstallation();
    const full = await add(world, {
      installationId,
      name: 'Übersicht "Q1".csv',
      sizeBytes: MAX,
      checksum: 'ab'.repeat(32),
      metadata: { rows: 3, nested: [null, { a: '€' }] },
      expiresAt: now,
      createdAt: later(now, -5),
    });
    for (const file of [full, await add(world, { sizeBytes: 0n })]) {
      expect(await files.find(world.tenantId, file.id)).toEqual(file);
    }
    expect(await codeOf(files.insert(full))).toBe('UNIQUE_CONFLICT');
    expect(await files.find(world.tenantId, uniqueId())).toBeNull();
    expect(await files.find(world.tenantId, 'x' as FileId)).toBeNull();
  });

  it('files: update compares versions', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { files } = persistence;
    const file = await add(world, { status: 'pending', sizeBytes: 0n });
    const stored = await files.update({
      ...file,
      status: 'stored',
      sizeBytes: 2n ** 53n + 1n,
      checksum: 'c',
      metadata: { a: 1 },
      updatedAt: later(now, 5),
      createdAt: later(now, 99),
    });
    expect(stored.version).toBe(2);
    const expected = { ...stored, createdAt: file.createdAt };
    expect(await files.find(world.tenantId, file.id)).toEqual(expected);
    expect(await codeOf(files.update(file))).toBe('VERSION_CONFLICT');
    expect(await codeOf(files.update(aFile({ tenantId: world.tenantId })))).toBe(
      'VERSION_CONFLICT',
    );
    const codes = await atOnce(20, () => codeOf(files.update(expected)));
    expect(codes.filter((code) => code === null)).toHaveLength(1);
    expect(new Set(codes)).toEqual(new Set([null, 'VERSION_CONFLICT']));
  });

  it('files: findByChecksum answers the newest that is stored', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { files } = persistence;
    const checksum = uniqueName('sum');
    await add(world, { checksum, createdAt: now });
    const newest = await add(world, { checksum, createdAt: later(now, 1) });
    await add(world, { checksum, createdAt: later(now, 2), status: 'deleted' });
    await add(world, { checksum: `${checksum}x`, createdAt: later(now, 3) });
    expect(await files.findByChecksum(world.tenantId, checksum)).toEqual(newest);
    expect(await files.findByChecksum(world.tenantId, 'none')).toBeNull();
  });

  it('files: delete answers whether there was one', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { files } = persistence;
    const { id } = await add(world);
    expect(await files.delete(world.tenantId, id)).toBe(true);
    expect(await files.delete(world.tenantId, id)).toBe(false);
    expect(await files.delete(world.tenantId, 'x' as FileId)).toBe(false);
    expect(await files.find(world.tenantId, id)).toBeNull();
  });
}

function sweepContract({ it, expect }: PersistenceSuite): void {
  it('files: list filters', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { id: installationId } = await world.addInstallation();
    const { files } = persistence;
    const csv = await add(world, { installationId, status: 'pending' });
    const pdf = await add(world, { installationId, contentType: 'application/pdf' });
    const free = await add(world);
    const ids = async (filter: FileFilter) =>
      (await files.list(world.tenantId, filter, firstPage)).items.map(({ id }) => id).sort();
    const idsOf = (...rows: readonly TrackedFile[]) => rows.map(({ id }) => id).sort();
    expect(await ids({})).toEqual(idsOf(csv, pdf, free));
    expect(await ids({ installationId })).toEqual(idsOf(csv, pdf));
    expect(await ids({ installationId: null })).toEqual(idsOf(free));
    expect(await ids({ status: 'pending' })).toEqual(idsOf(csv));
    expect(await ids({ contentType: 'application/pdf', installationId })).toEqual(idsOf(pdf));
    expect(await ids({ installationId: 'x' as typeof installationId })).toEqual([]);
  });

  it('files: deleteExpired takes what expired and what stayed pending', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { files } = persistence;
    const past = uniquePast();
    const before = { expiredBefore: later(past, 10), pendingBefore: later(past, 10) };
    while ((await files.deleteExpired(before, 100)).length > 0);
    const createdAt = past;
    const expired = await add(world, { expiresAt: later(past, 9), createdAt: now });
    const pending = await add(world, { status: 'pending', createdAt, sizeBytes: MAX });
    const kept = [
      await add(world, { createdAt }),
      await add(world, { createdAt, expiresAt: later(past, 10) }),
      await add(world, { status: 'pending', createdAt: later(past, 10) }),
    ];
    const first = await files.deleteExpired(before, 1);
    const second = await files.deleteExpired(before, 100);
    expect(first).toHaveLength(1);
    const byId = (a: TrackedFile, b: TrackedFile): number => (a.id < b.id ? -1 : 1);
    expect([...first, ...second].sort(byId)).toEqual([expired, pending].sort(byId));
    const left = (await files.list(world.tenantId, {}, firstPage)).items;
    expect([...left].sort(byId)).toEqual(kept.sort(byId));
  });

  it('files: those of an installation are deleted with it', async ({ persistence }) => {
    const world = await World.create(persistence);
    const { id: installationId } = await world.addInstallation();
    const { files, installations } = persistence;
    await atOnce(3, () => add(world, { installationId }));
    const free = await add(world);
    expect(await installations.deleteBatch(world.tenantId, installationId, 2)).toBe(false);
    while (!(await installations.deleteBatch(world.tenantId, installationId, 2)));
    expect((await files.list(world.tenantId, {}, firstPage)).items).toEqual([free]);
  });
}

/** Tests of `FileRepository`. */
export function fileContract(suite: PersistenceSuite): void {
  suite.describe('files', () => {
    rowContract(suite);
    sweepContract(suite);
  });
}
