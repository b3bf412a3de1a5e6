import type { KeyRotation, KeyRotationRepository } from '@tenon/core';
import { Rows } from './rows.js';
import type { Session } from './session.js';

export class MongodbKeyRotationRepository implements KeyRotationRepository {
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#rows = new Rows(session, 'keyRotations');
  }

  async find(keyId: string): Promise<KeyRotation | null> {
    return (await this.#rows.acrossTenants().findOne({ keyId })) as KeyRotation | null;
  }

  async save({ keyId: id, ...rest }: KeyRotation): Promise<void> {
    const change = { set: this.#rows.codec.stored(rest) };
    await this.#rows.acrossTenants().bulk([{ id, filter: null, change }]);
  }
}
