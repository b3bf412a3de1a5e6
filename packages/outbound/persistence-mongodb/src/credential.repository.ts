import type {
  ConnectionId,
  Credential,
  CredentialMaterial,
  CredentialRepository,
  Encryptor,
  RefreshAttempt,
  TenantId,
} from '@tenon/core';
import { compareAndSet } from './compare-and-set.js';
import { Rows } from './rows.js';
import { SecretField } from './secret-field.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

type CredentialRow = Omit<Credential, 'material' | 'refreshAttempt'> & {
  readonly material: string;
  readonly refreshFence: number | null;
  readonly refreshStartedAt: Date | null;
};

function refreshAttemptOf(row: CredentialRow): RefreshAttempt | null {
  if (row.refreshFence === null || row.refreshStartedAt === null) return null;
  return { fence: row.refreshFence, startedAt: row.refreshStartedAt };
}

export class MongodbCredentialRepository implements CredentialRepository {
  readonly #rows: Rows;
  readonly #material: SecretField<CredentialMaterial>;

  constructor(session: Session, encryptor: Encryptor) {
    this.#rows = new Rows(session, 'credentials');
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
    };
  }

  async insert(credential: Credential): Promise<void> {
    await this.#rows.of(credential.tenantId).insert(await this.#toRow(credential));
  }

  async findByConnection(
    tenantId: TenantId,
    connectionId: ConnectionId,
  ): Promise<Credential | null> {
    if (!areIds(tenantId, connectionId)) return null;
    const row = await this.#rows.of(tenantId).findOne({ connectionId });
    return row && this.#fromRow(row as unknown as CredentialRow);
  }

  async update(credential: Credential): Promise<Credential> {
    const fields = await this.#toRow(credential);
    const change = { row: credential, fields, fixed: ['connectionId'] };
    const version = await compareAndSet(this.#rows, 'credential', change);
    return { ...credential, version };
  }
}
