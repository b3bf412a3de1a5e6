import type { KeyRotation } from '@tenon/core';
import { uniqueName } from '../fixtures/unique.js';
import { later } from './persistence-suite.js';
import type { PersistenceSuite } from './persistence-suite.js';

const at = new Date('2026-05-06T07:08:09.123Z');

/** Tests of `KeyRotationRepository`. */
export function keyRotationContract({ describe, it, expect }: PersistenceSuite): void {
  const aRotation = (): KeyRotation => ({
    keyId: uniqueName('key'),
    position: { entity: 'credentials', field: 'material', after: null },
    scanned: 9_007_199_254_740_991,
    rewritten: 2,
    unreadable: 0,
    startedAt: at,
    updatedAt: at,
    finishedAt: null,
  });

  describe('keyRotations', () => {
    it('keyRotations: save keeps every field', async ({ persistence: { keyRotations } }) => {
      const rotation = aRotation();
      expect(await keyRotations.find(rotation.keyId)).toBeNull();
      await keyRotations.save(rotation);
      expect(await keyRotations.find(rotation.keyId)).toEqual(rotation);
      expect(await keyRotations.find(uniqueName('other'))).toBeNull();
    });

    it('keyRotations: save replaces the one of its key alone', async ({
      persistence: { keyRotations },
    }) => {
      const [one, other] = [aRotation(), aRotation()];
      await keyRotations.save(one);
      await keyRotations.save(other);
      const done: KeyRotation = {
        ...one,
        position: null,
        scanned: 5,
        unreadable: 1,
        startedAt: later(at, 1),
        updatedAt: later(at, 2),
        finishedAt: later(at, 3),
      };
      await keyRotations.save(done);
      expect(await keyRotations.find(one.keyId)).toEqual(done);
      expect(await keyRotations.find(other.keyId)).toEqual(other);
    });
  });
}
