import { joinEncryptors, secret, secretFieldNames, UnavailableError } from '@tenon/core';
import type {
  Encryptor,
  Persistence,
  ReencryptedBatch,
  SecretFieldName,
  SecretFields,
} from '@tenon/core';
import { uniqueId, uniqueName } from '../fixtures/unique.js';
import { testEncryptor } from '../platform/test-encryptor.js';
import { keepSecrets } from './kept-secrets.js';
import type { KeptSecret } from './kept-secrets.js';
import { codeOf, revealed } from './persistence-suite.js';
import type { PersistenceSuite, PersistenceUnderTest } from './persistence-suite.js';
import { World } from './world.js';

const keyName = (name: string): string => uniqueName(name).replace(/[^A-Za-z0-9_-]/g, '-');

/** Counts of every value of one field, read in batches of `limit`. */
async function countsOf(fields: SecretFields, name: SecretFieldName, limit: number) {
  const rows = new Map<string | null, number>();
  let scanned = 0;
  for (let after: string | null = null; ;) {
    const batch = await fields.countByKey({ ...name, after, limit });
    scanned += batch.scanned;
    for (const each of batch.counts) rows.set(each.keyId, (rows.get(each.keyId) ?? 0) + each.rows);
    if (batch.next === null) return { rows, scanned };
    after = batch.next;
  }
}

/** Every batch of one field. */
async function reencryptAll(
  fields: SecretFields,
  batch: SecretFieldName & { readonly keyId: string; readonly limit: number },
): Promise<ReencryptedBatch[]> {
  const batches: ReencryptedBatch[] = [];
  for (let after: string | null = null; ;) {
    const done = await fields.reencrypt({ ...batch, after });
    batches.push(done);
    if (done.next === null) return batches;
    after = done.next;
  }
}

const sum = (batches: readonly ReencryptedBatch[], of: 'scanned' | 'rewritten' | 'outrun') =>
  batches.reduce((total, batch) => total + batch[of], 0);

/** The same data before a rotation, during it, and by a process that has the new key alone. */
interface Eras {
  readonly oldId: string;
  readonly newId: string;
  readonly before: Persistence;
  /** Reads both keys and writes the new one. `decrypting` runs first whenever it decrypts. */
  during(decrypting?: () => Promise<void>): Promise<Persistence>;
  readonly after: Persistence;
}

async function inEras(
  { reopen }: PersistenceUnderTest,
  work: (eras: Eras) => Promise<void>,
): Promise<void> {
  if (!reopen) return;
  const old = testEncryptor({ keyId: keyName('old') });
  const fresh = testEncryptor({ keyId: keyName('new') });
  const opened: Persistence[] = [];
  const open = async (encryptor: Encryptor): Promise<Persistence> => {
    const persistence = await reopen(encryptor);
    opened.push(persistence);
    return persistence;
  };
  const during = (decrypting?: () => Promise<void>): Promise<Persistence> => {
    const ring = joinEncryptors({ writing: fresh, reading: [old] });
    const decrypt: Encryptor['decrypt'] = async (text, context) => {
      await decrypting?.();
      return ring.decrypt(text, context);
    };
    return open({ ...ring, decrypt });
  };
  try {
    const [before, after] = [await open(old), await open(fresh)];
    const ids = { oldId: old.writingKeyId, newId: fresh.writingKeyId };
    await work({ ...ids, before, during, after });
  } finally {
    for (const persistence of opened) await persistence.close();
  }
}

const isOf =
  ({ entity, field }: SecretFieldName) =>
  ({ name }: KeptSecret): boolean =>
    name.entity === entity && name.field === field;

/** Tests of counting by key. */
export function secretCountsContract({ describe, it, expect }: PersistenceSuite): void {
  describe('secretFields: counts', () => {
    it('secretFields: every field of the catalogue is counted, whatever the batches', (subject) =>
      inEras(subject, async ({ oldId, before }) => {
        for (let copies = 0; copies < 5; copies += 1) await keepSecrets(before, 'x');
        const world = await World.create(before);
        await world.addEndpoint(await world.addInstallation(), { signingSecret: null });
        const { secretFields } = subject.persistence;
        expect(secretFieldNames.map(({ entity }) => entity).sort()).toEqual(
          (await keepSecrets(subject.persistence, 'x')).map(({ name }) => name.entity).sort(),
        );
        for (const name of secretFieldNames) {
          const whole = await countsOf(secretFields, name, 100_000);
          expect([name, whole.rows.get(oldId)]).toEqual([name, 5]);
          for (const limit of [3, whole.scanned]) {
            expect(await countsOf(secretFields, name, limit)).toEqual(whole);
          }
          const values = [...whole.rows.values()].reduce((total, rows) => total + rows, 0);
          expect(whole.scanned - values >= (name.field === 'signingSecret' ? 1 : 0)).toBe(true);
        }
      }));

    it('secretFields: what has no text form names no key, and shows nothing of itself', async ({
      persistence,
      secondPath,
    }) => {
      if (!secondPath) return;
      const kept = await keepSecrets(persistence, 'x');
      const { name, cell } = kept.find(isOf({ entity: 'credentials', field: 'material' }))!;
      const { secretFields } = persistence;
      const before = (await countsOf(secretFields, name, 1_000)).rows.get(null) ?? 0;
      const long = 'k'.repeat(65);
      for (const text of ['plain:canary:x', 'v1:canary', `v1:${long}:a:b:c`, ' v1:canary:x', '']) {
        await secondPath.writeSecret(cell, text);
        const { rows } = await countsOf(secretFields, name, 1_000);
        expect([text, rows.get(null)]).toEqual([text, before + 1]);
        expect([...rows.keys()].filter((keyId) => keyId?.includes('canary'))).toEqual([]);
      }
      await secondPath.writeSecret(cell, `v23:${long.slice(1)}:a:b:c`);
      expect((await countsOf(secretFields, name, 1_000)).rows.get(long.slice(1))).toBe(1);
    });

    it('secretFields: fields that are not secret are refused', async ({ persistence }) => {
      const { secretFields } = persistence;
      const wrong = [
        { entity: 'credentials', field: 'version' },
        { entity: 'credentials', field: 'toString' },
        { entity: 'mappings', field: 'state' },
        { entity: 'toString', field: 'material' },
        { entity: 'credentials; DROP TABLE credentials', field: 'material' },
      ] as readonly SecretFieldName[];
      for (const name of wrong) {
        const batch = { ...name, after: null, limit: 1 };
        const counting = Promise.resolve().then(() => secretFields.countByKey(batch));
        await expect(counting).rejects.toThrow(RangeError);
        const writing = Promise.resolve().then(() =>
          secretFields.reencrypt({ ...batch, keyId: 'k' }),
        );
        await expect(writing).rejects.toThrow(RangeError);
      }
    });
  });
}

/** Tests of re-encryption. */
export function reencryptContract({ describe, it, expect }: PersistenceSuite): void {
  const name: SecretFieldName = { entity: 'credentials', field: 'material' };

  describe('secretFields: re-encryption', () => {
    it('secretFields: a process with the new key alone reads everything afterwards', (subject) =>
      inEras(subject, async ({ oldId, newId, before, during, after }) => {
        const kept = [await keepSecrets(before, 'one'), await keepSecrets(before, 'two')].flat();
        const { secretFields } = await during();
        for (const field of secretFieldNames) {
          const mine = kept.filter(isOf(field));
          for (const { read } of mine.filter(({ name }) => name.field !== 'codeVerifier')) {
            expect(await codeOf(read(after))).toBe('ENCRYPTION_KEY_MISSING');
          }
          const first = await reencryptAll(secretFields, { ...field, keyId: newId, limit: 7 });
          expect([field, sum(first, 'rewritten'), sum(first, 'outrun')]).toEqual([field, 2, 0]);
          const again = await reencryptAll(secretFields, { ...field, keyId: newId, limit: 1_000 });
          expect([sum(again, 'rewritten'), sum(again, 'scanned')]).toEqual([
            0,
            sum(first, 'scanned'),
          ]);
          const { rows } = await countsOf(secretFields, field, 1_000);
          expect([rows.get(oldId), rows.get(newId)]).toEqual([undefined, 2]);
        }
        // A row may hold several secrets: it is read when all of them are done.
        for (const { read } of kept) expect(await read(after)).not.toBeNull();
      }));

    it('secretFields: the row stays what it was but for the ciphertext', (subject) =>
      inEras(subject, async ({ newId, before, during, after }) => {
        const world = await World.create(before);
        const credential = await world.addCredential();
        const { secretFields } = await during();
        await reencryptAll(secretFields, { ...name, keyId: newId, limit: 100 });
        const { tenantId, connectionId } = credential;
        const found = await after.credentials.findByConnection(tenantId, connectionId);
        expect(revealed(found)).toEqual(revealed(credential));
      }));

    it('secretFields: a refresh that read the row before may store its tokens after', (subject) =>
      inEras(subject, async ({ newId, before, during }) => {
        const world = await World.create(before);
        const { tenantId, connectionId } = await world.addCredential();
        const read = (await before.credentials.findByConnection(tenantId, connectionId))!;
        const now = await during();
        await reencryptAll(now.secretFields, { ...name, keyId: newId, limit: 100 });
        const material = secret({ type: 'api_key', fields: { key: 'refreshed' } } as const);
        await before.credentials.update({ ...read, material });
        const found = await now.credentials.findByConnection(tenantId, connectionId);
        expect(found?.material.reveal()).toEqual(material.reveal());
      }));

    it('secretFields: what changed or went away between reading and writing is left alone', (subject) =>
      inEras(subject, async ({ oldId, newId, before, during }) => {
        const world = await World.create(before);
        const [changed, deleted] = [await world.addCredential(), await world.addCredential()];
        const material = secret({ type: 'api_key', fields: { key: 'theirs' } } as const);
        let interfere = async (): Promise<void> => {
          interfere = async () => undefined;
          await before.credentials.update({ ...changed, material });
          await before.connections.delete(world.tenantId, deleted.connectionId);
        };
        const now = await during(() => interfere());
        const done = await reencryptAll(now.secretFields, { ...name, keyId: newId, limit: 1_000 });
        expect([sum(done, 'rewritten'), sum(done, 'outrun')]).toEqual([0, 2]);
        const { tenantId, connectionId } = changed;
        const found = await now.credentials.findByConnection(tenantId, connectionId);
        expect(found?.material.reveal()).toEqual(material.reveal());
        expect((await countsOf(now.secretFields, name, 1_000)).rows.get(oldId)).toBe(1);
      }));

    it('secretFields: values that cannot be read are named and left alone', (subject) =>
      inEras(subject, async ({ oldId, newId, before, during }) => {
        const { secondPath } = subject;
        if (!secondPath) return;
        const at = async (): Promise<string> => (await world.addCredential()).id;
        const world = await World.create(before);
        const [fine, moved] = [await at(), await at()];
        const cell = (rowId: string) => ({ table: 'credentials', column: 'material', rowId });
        const text = (await secondPath.readSecret(cell(fine)))!;
        await secondPath.writeSecret(cell(moved), text);
        const { secretFields } = await during();
        const done = await reencryptAll(secretFields, { ...name, keyId: newId, limit: 1_000 });
        const unreadable = done.flatMap((batch) => batch.unreadable);
        expect(unreadable).toContainEqual({ id: moved, code: 'DECRYPTION_FAILED' });
        expect(unreadable.map(({ id }) => id)).not.toContain(fine);
        expect(await secondPath.readSecret(cell(moved))).toBe(text);
        const { rows } = await countsOf(secretFields, name, 1_000);
        expect([rows.get(oldId), rows.get(newId)]).toEqual([1, 1]);
      }));

    it('secretFields: a failure of the encryptor is passed on', (subject) =>
      inEras(subject, async ({ oldId, newId, before, during }) => {
        await keepSecrets(before, 'x');
        const { secretFields } = await during(() =>
          Promise.reject(new UnavailableError('KEY_SERVICE_UNAVAILABLE', 'gone')),
        );
        const batch = { ...name, keyId: newId, limit: 1_000 };
        expect(await codeOf(reencryptAll(secretFields, batch))).toBe('KEY_SERVICE_UNAVAILABLE');
        expect((await countsOf(secretFields, name, 1_000)).rows.get(oldId)).toBe(1);
        const later = { ...batch, after: uniqueId() };
        expect((await secretFields.reencrypt(later)).rewritten).toBe(0);
      }));
  });
}
