import type {
  ConnectionId,
  Credential,
  CredentialRepository,
  EncryptionContext,
  TenantId,
} from '@tenon/core';
import type { Access } from './access.js';
import type { CredentialRow } from './database.js';
import { compareAndSet } from './rows.js';
import type { Sealer } from './sealer.js';

export class MemoryCredentialRepository implements CredentialRepository {
  constructor(
    private readonly access: Access,
    private readonly sealer: Sealer,
  ) {}

  async insert(credential: Credential): Promise<void> {
    const row = await this.#seal(credential);
    return this.access.run(({ credentials }) => {
      credentials.insert(row);
    });
  }

  async findByConnection(
    tenantId: TenantId,
    connectionId: ConnectionId,
  ): Promise<Credential | null> {
    const row = await this.access.run(
      ({ credentials }) => credentials.by('connection', connectionId) ?? null,
    );
    if (row?.tenantId !== tenantId) return null;
    return { ...row, material: await this.sealer.open(row.material, placeOf(row)) };
  }

  async update(credential: Credential): Promise<Credential> {
    const row = await this.#seal(credential);
    const { version } = await this.access.run(({ credentials }) =>
      compareAndSet(credentials, 'credential', row),
    );
    return { ...credential, version };
  }

  async #seal(credential: Credential): Promise<CredentialRow> {
    const material = await this.sealer.seal(credential.material, placeOf(credential));
    return { ...credential, material };
  }
}

function placeOf({ tenantId, id }: Pick<Credential, 'tenantId' | 'id'>): EncryptionContext {
  return { tenantId, table: 'credentials', column: 'material', rowId: id };
}
