import { secret } from '@tenon/core';
import type { Persistence } from '@tenon/core';
import { anAuthorizationSession } from '../fixtures/entities.js';
import { uniqueName } from '../fixtures/unique.js';
import { testEncryptor } from '../platform/test-encryptor.js';
import { codeOf } from './persistence-suite.js';
import type { PersistenceSuite, SecretCell } from './persistence-suite.js';
import { World } from './world.js';

interface Kept {
  readonly cell: SecretCell;
  read(through: Persistence): Promise<unknown>;
}

/** One row with a secret for each place that holds secrets, and how to read it back. */
async function keepSecrets(persistence: Persistence, canary: string): Promise<readonly Kept[]> {
  const world = await World.create(persistence);
  const { tenantId } = world;
  const credential = await world.addCredential({
    material: secret({ type: 'api_key', fields: { key: canary } }),
  });
  const session = anAuthorizationSession({ ...world.owner, codeVerifier: secret(canary) });
  await persistence.authorizationSessions.insert(session);
  const installation = await world.addInstallation();
  const endpoint = await world.addEndpoint(installation, { signingSecret: secret(canary) });
  const delivery = await world.addDelivery(endpoint, { body: secret(canary) });
  const at = (table: string, column: string, rowId: string): SecretCell => ({
    table,
    column,
    rowId,
  });
  return [
    {
      cell: at('credentials', 'material', credential.id),
      read: (db) => db.credentials.findByConnection(tenantId, credential.connectionId),
    },
    {
      cell: at('webhook_endpoints', 'signing_secret', endpoint.id),
      read: (db) => db.webhookEndpoints.findById(endpoint.id),
    },
    {
      cell: at('webhook_deliveries', 'body', delivery.id),
      read: (db) => db.webhookDeliveries.find(tenantId, delivery.id),
    },
    {
      cell: at('authorization_sessions', 'code_verifier', session.id),
      read: (db) => db.authorizationSessions.consume(session.stateHash, session.createdAt),
    },
  ];
}

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
