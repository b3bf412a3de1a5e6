import type { KeyRotation, KeyRotationRepository } from '@tenon/core';
import type { Access } from './access.js';

export class MemoryKeyRotationRepository implements KeyRotationRepository {
  constructor(private readonly access: Access) {}

  find(keyId: string): Promise<KeyRotation | null> {
    return this.access.run(({ keyRotations }) => keyRotations.get(keyId) ?? null);
  }

  save(rotation: KeyRotation): Promise<void> {
    return this.access.run(({ keyRotations }) => {
      keyRotations.put(rotation);
    });
  }
}
