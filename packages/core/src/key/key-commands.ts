import type { Encryptor } from '../platform/encryptor.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import type { KeyRotation } from './key-rotation.js';
import type { KeyUsage } from './key-usage.js';

/** Which keys there are and what they are needed for. Holds no key. */
export interface KeyStatus {
  readonly writingKeyId: string;
  readonly readingKeyIds: readonly string[];
  /** Stored values by field and key; fields without values are left out. */
  readonly usage: readonly KeyUsage[];
  /** Named by stored values, and in no ring: those values cannot be read. */
  readonly missingKeyIds: readonly string[];
  /** The last rotation to the writing key; null when there was none. */
  readonly rotation: KeyRotation | null;
}

/** What the use cases of keys work on. */
export interface KeyParts {
  readonly persistence: Pick<Persistence, 'secretFields' | 'keyRotations' | 'leases'>;
  readonly encryptor: Encryptor;
}

/** How stored secrets are re-encrypted. */
export interface RotateKeysInput {
  /** Rows of one batch, 1 to 10,000. Default: 500. */
  readonly batch?: number | undefined;
  /** The most rows in a second; as fast as it goes by default. */
  readonly maxPerSecond?: number | undefined;
  /** Told after every batch. */
  readonly onProgress?: ((rotation: KeyRotation) => void) | undefined;
}
