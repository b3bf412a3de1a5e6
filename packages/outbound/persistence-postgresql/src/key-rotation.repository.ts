import type { KeyRotation, KeyRotationRepository } from '@tenon/core';
import { assignments, columns } from './columns.js';
import { prepared, type Session } from './session.js';
import { toJson } from './values.js';

const ROW = columns<KeyRotation>(
  'key_rotations',
  [
    'keyId',
    'position',
    'scanned',
    'rewritten',
    'unreadable',
    'startedAt',
    'updatedAt',
    'finishedAt',
  ],
  ['scanned', 'rewritten', 'unreadable'],
);

const FIND = prepared(
  'key_rotations.find',
  `SELECT ${ROW.list} FROM key_rotations WHERE key_id = $1`,
);

const SAVE = prepared(
  'key_rotations.save',
  `INSERT INTO key_rotations ${ROW.insert}
   ON CONFLICT (key_id) DO UPDATE SET ${assignments(ROW.fields.slice(1), 2)}`,
);

export class PostgresqlKeyRotationRepository implements KeyRotationRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  find(keyId: string): Promise<KeyRotation | null> {
    return this.#session.row<KeyRotation>(FIND, [keyId]);
  }

  async save(rotation: KeyRotation): Promise<void> {
    const [keyId, , ...rest] = ROW.values(rotation);
    await this.#session.run(SAVE, [keyId, toJson(rotation.position), ...rest]);
  }
}
