import type { KeyRotation } from './key-rotation.js';

export interface KeyRotationRepository {
  find(keyId: string): Promise<KeyRotation | null>;
  /** Inserts, or replaces the one of the same key: the last one wins, because batches may be done twice without harm. */
  save(rotation: KeyRotation): Promise<void>;
}
