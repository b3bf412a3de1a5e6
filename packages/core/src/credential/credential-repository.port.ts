import type { ConnectionId } from '../connection/connection.js';
import type { TenantId } from '../tenant/tenant.js';
import type { Credential } from './credential.js';

export interface CredentialRepository {
  /** @throws UniqueConflictError when the connection has one already. */
  insert(credential: Credential): Promise<void>;
  /** A hot path: one statement, one decryption. @throws what the encryptor throws. */
  findByConnection(tenantId: TenantId, connectionId: ConnectionId): Promise<Credential | null>;
  /**
   * Compare-and-set by `version`, the whole row; answers it with its next version.
   * @throws VersionConflictError when the row has another version or is gone.
   */
  update(credential: Credential): Promise<Credential>;
}
