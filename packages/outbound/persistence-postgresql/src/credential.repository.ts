import {
  VersionConflictError,
  type ConnectionId,
  type Credential,
  type CredentialMaterial,
  type CredentialRepository,
  type Encryptor,
  type RefreshAttempt,
  type TenantId,
} from '@tenon/core';
import { assignments, columns } from './columns.js';
import type { Credential as CredentialModel } from './generated/client.js';
import { SecretField } from './secret-field.js';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

type CredentialRow = Omit<CredentialModel, 'refreshFence'> & {
  readonly refreshFence: number | null;
};

const ROW = columns<CredentialRow>(
  'credentials',
  [
    'id',
    'tenantId',
    'connectionId',
    'material',
    'expiresAt',
    'refreshFence',
    'refreshStartedAt',
    'refreshNotBefore',
    'createdAt',
    'updatedAt',
    'version',
  ],
  ['refreshFence'],
);

const CHANGING = [
  'material',
  'expiresAt',
  'refreshFence',
  'refreshStartedAt',
  'refreshNotBefore',
  'updatedAt',
] as const;

const INSERT = prepared('credentials.insert', `INSERT INTO credentials ${ROW.insert}`);

const FIND = prepared(
  'credentials.find',
  `SELECT ${ROW.list} FROM credentials WHERE connection_id = $1 AND tenant_id = $2`,
);

const UPDATE = prepared(
  'credentials.update',
  `UPDATE credentials SET ${assignments(CHANGING, 4)}, version = version + 1
   WHERE id = $1 AND tenant_id = $2 AND version = $3`,
);

function refreshAttemptOf(row: CredentialRow): RefreshAttempt | null {
  if (row.refreshFence === null || row.refreshStartedAt === null) return null;
  return { fence: row.refreshFence, startedAt: row.refreshStartedAt };
}

export class PostgresqlCredentialRepository implements CredentialRepository {
  readonly #session: Session;
  readonly #material: SecretField<CredentialMaterial>;

  constructor(session: Session, encryptor: Encryptor) {
    this.#session = session;
    this.#material = new SecretField(encryptor, { table: 'credentials', column: 'material' });
  }

  async #toRow({ refreshAttempt, material, ...rest }: Credential): Promise<CredentialRow> {
    return {
      ...rest,
      material: await this.#material.seal(material, rest),
      refreshFence: refreshAttempt?.fence ?? null,
      refreshStartedAt: refreshAttempt?.startedAt ?? null,
    };
  }

  async #fromRow(row: CredentialRow): Promise<Credential> {
    const { refreshFence: _fence, refreshStartedAt: _startedAt, ...rest } = row;
    return {
      ...rest,
      material: await this.#material.open(row.material, row),
      refreshAttempt: refreshAttemptOf(row),
    } as Credential;
  }

  async insert(credential: Credential): Promise<void> {
    await this.#session.run(INSERT, ROW.values(await this.#toRow(credential)));
  }

  async findByConnection(
    tenantId: TenantId,
    connectionId: ConnectionId,
  ): Promise<Credential | null> {
    if (!areIds(tenantId, connectionId)) return null;
    const row = await this.#session.row<CredentialRow>(FIND, [connectionId, tenantId]);
    return row && this.#fromRow(row);
  }

  async update(credential: Credential): Promise<Credential> {
    const { id, tenantId, version } = credential;
    if (!areIds(tenantId, id)) throw new VersionConflictError('credential', id);
    const row = await this.#toRow(credential);
    const values = [id, tenantId, version, ...CHANGING.map((field) => row[field])];
    if ((await this.#session.run(UPDATE, values)) === 0) {
      throw new VersionConflictError('credential', id);
    }
    return { ...credential, version: version + 1 };
  }
}
