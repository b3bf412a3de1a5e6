import { uniqueName } from '../fixtures/unique.js';
import { testEncryptor } from '../platform/test-encryptor.js';
import { keepSecrets } from './kept-secrets.js';
import { codeOf } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';

/** Tests of how secrets are kept. */
export function secretsContract({ describe, it, expect }: PersistenceSuite): void {
  describe('secrets', () => {
    it('secrets: nothing secret is in a dump', async ({ persistence, secondPath }) => {
      if (!secondPath) return;
      const canary = uniqueName('canary');
      const kept = await keepSecrets(persistence, canary);
      const dump = await secondPath.dump();
      for (const { cell } of kept) expect(dump).toContain(cell.rowId);
      expect(dump).not.toContain(canary);
      const encodings = [
        Buffer.from(canary).toString('base64').slice(0, 20),
        Buffer.from(canary).toString('hex'),
      ];
      for (const encoded of encodings) expect(dump).not.toContain(encoded);
      for (const { cell, read } of kept) {
        expect(await secondPath.readSecret(cell)).toMatch(/^v1:[^:]+:[\w-]+:[\w-]*:[\w-]+$/);
        expect(await read(persistence)).not.toBeNull();
      }
    });

    it('secrets: a ciphertext moved to another row does not decrypt', async ({
      persistence,
      secondPath,
    }) => {
      if (!secondPath) return;
      const mine = await keepSecrets(persistence, uniqueName('mine'));
      const theirs = await keepSecrets(persistence, uniqueName('theirs'));
      for (const [index, { cell, read }] of mine.entries()) {
        const foreign = await secondPath.readSecret(theirs[index]!.cell);
        await secondPath.writeSecret(cell, foreign!);
        expect([cell.table, await codeOf(read(persistence))]).toEqual([
          cell.table,
          'DECRYPTION_FAILED',
        ]);
      }
    });

    it('secrets: a changed ciphertext does not decrypt', async ({ persistence, secondPath }) => {
      if (!secondPath) return;
      for (const { cell, read } of await keepSecrets(persistence, uniqueName('canary'))) {
        const [version, keyId, iv, text = '', tag] = (
          (await secondPath.readSecret(cell)) ?? ''
        ).split(':');
        const changed = (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
        await secondPath.writeSecret(cell, [version, keyId, iv, changed, tag].join(':'));
        expect([cell.table, await codeOf(read(persistence))]).toEqual([
          cell.table,
          'DECRYPTION_FAILED',
        ]);
      }
    });

    it('secrets: another key does not read them', async ({ persistence, reopen }) => {
      if (!reopen) return;
      const kept = await keepSecrets(persistence, uniqueName('canary'));
      const missing = await reopen(testEncryptor({ keyId: 'another' }));
      const wrong = await reopen(testEncryptor());
      try {
        for (const { read } of kept.slice(0, 3)) {
          expect(await codeOf(read(missing))).toBe('ENCRYPTION_KEY_MISSING');
          expect(await codeOf(read(wrong))).toBe('DECRYPTION_FAILED');
          expect(await read(persistence)).not.toBeNull();
        }
      } finally {
        await missing.close();
        await wrong.close();
      }
    });

    it('secrets: one secret is never the same ciphertext twice', async ({
      persistence,
      secondPath,
    }) => {
      if (!secondPath) return;
      const canary = uniqueName('canary');
      const kept = [
        ...(await keepSecrets(persistence, canary)),
        ...(await keepSecrets(persistence, canary)),
      ];
      const texts = await Promise.all(kept.map(({ cell }) => secondPath.readSecret(cell)));
      expect(new Set(texts).size).toBe(kept.length);
    });
  });
}
