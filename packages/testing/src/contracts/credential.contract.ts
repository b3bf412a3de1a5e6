import { secret } from '@tenon/core';
import type { CredentialMaterial } from '@tenon/core';
import { aCredential } from '../fixtures/entities.js';
import { uniqueId } from '../fixtures/unique.js';
import { atOnce, codeOf, later, revealed } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';
import { World } from './world.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** Tests of `CredentialRepository`. */
export function credentialContract({ describe, it, expect }: PersistenceSuite): void {
  describe('credentials', () => {
    it('credentials: insert keeps every field', async ({ persistence }) => {
      const world = await World.create(persistence);
      const fields: CredentialMaterial = {
        type: 'basic',
        fields: { user: 'ä', password: 'p"\\:€😀', empty: '' },
      };
      const connections = await atOnce(2, () => world.addConnection());
      const rows = [
        aCredential({ tenantId: world.tenantId, connectionId: connections[0]!.id }),
        aCredential({
          tenantId: world.tenantId,
          connectionId: connections[1]!.id,
          material: secret(fields),
          expiresAt: null,
          refreshAttempt: { fence: 9_007_199_254_740_991, startedAt: at },
          refreshNotBefore: later(at, 1),
        }),
      ];
      for (const row of rows) {
        await persistence.credentials.insert(row);
        const found = await persistence.credentials.findByConnection(
          world.tenantId,
          row.connectionId,
        );
        expect(revealed(found)).toEqual(revealed(row));
      }
    });

    it('credentials: a connection has one', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { id: connectionId } = await world.addConnection();
      const codes = await atOnce(20, () => codeOf(world.addCredential({ connectionId })));
      expect(codes.filter((code) => code === null)).toHaveLength(1);
      expect(codes.filter((code) => code === 'UNIQUE_CONFLICT')).toHaveLength(19);
    });

    it('credentials: none is null', async ({ persistence }) => {
      const world = await World.create(persistence);
      const { id } = await world.addConnection();
      const { credentials } = persistence;
      expect(await credentials.findByConnection(world.tenantId, id)).toBeNull();
      expect(await credentials.findByConnection(world.tenantId, uniqueId())).toBeNull();
      expect(await credentials.findByConnection(world.tenantId, 'x' as typeof id)).toBeNull();
    });

    it('credentials: of twenty refreshes of one version exactly one is kept', async ({
      persistence,
    }) => {
      const world = await World.create(persistence);
      const credential = await world.addCredential();
      const materials = Array.from({ length: 20 }, (_, index) => ({
        type: 'oauth2' as const,
        accessToken: `access ${index}`,
        refreshToken: null,
        tokenType: 'Bearer',
      }));
      const codes = await atOnce(20, (index) =>
        codeOf(
          persistence.credentials.update({ ...credential, material: secret(materials[index]!) }),
        ),
      );
      expect(codes.filter((code) => code === 'VERSION_CONFLICT')).toHaveLength(19);
      const found = await persistence.credentials.findByConnection(
        world.tenantId,
        credential.connectionId,
      );
      expect(found?.material.reveal()).toEqual(materials[codes.indexOf(null)]);
      expect(found?.version).toBe(2);
    });

    it('credentials: update replaces the whole row', async ({ persistence }) => {
      const world = await World.create(persistence);
      const credential = await world.addCredential({ refreshNotBefore: at });
      const next = {
        ...credential,
        material: secret<CredentialMaterial>({ type: 'api_key', fields: { key: 'k' } }),
        expiresAt: null,
        refreshAttempt: { fence: 3, startedAt: at },
        refreshNotBefore: null,
        updatedAt: later(at, 5),
      };
      const answered = await persistence.credentials.update(next);
      expect(revealed(answered)).toEqual(revealed({ ...next, version: 2 }));
      const find = () =>
        persistence.credentials.findByConnection(world.tenantId, credential.connectionId);
      expect(revealed(await find())).toEqual(revealed(answered));
      await persistence.credentials.update({ ...answered, refreshAttempt: null });
      expect((await find())?.refreshAttempt).toBeNull();
    });

    it('credentials: update of one that is gone is a conflict', async ({ persistence }) => {
      const world = await World.create(persistence);
      const credential = await world.addCredential();
      await persistence.connections.delete(world.tenantId, credential.connectionId);
      expect(await codeOf(persistence.credentials.update(credential))).toBe('VERSION_CONFLICT');
    });
  });
}
