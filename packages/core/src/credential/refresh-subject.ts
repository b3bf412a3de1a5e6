import {
  connectionDisabled,
  connectionNeedsReauthorization,
} from '../connection/connection.errors.js';
import type { Connection } from '../connection/connection.js';
import type { OAuth2Auth } from '../connector/auth.js';
import type { CallName } from '../connector/provider.errors.js';
import { NotFoundError } from '../platform/common.errors.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Credential } from './credential.js';

/** Whose credential is refreshed. */
export interface RefreshSubject {
  readonly tenantId: Connection['tenantId'];
  readonly connectionId: Connection['id'];
  readonly connector: string;
  readonly auth: OAuth2Auth;
}

/** Names the token request in errors. */
export function tokenCall(subject: RefreshSubject): CallName {
  return { connector: subject.connector, method: 'POST', path: 'token endpoint' };
}

/** @throws NotFoundError `CONNECTION_NOT_FOUND` when the connection was deleted. */
export async function readCredential(
  repositories: Pick<Repositories, 'credentials'>,
  subject: Pick<RefreshSubject, 'tenantId' | 'connectionId'>,
): Promise<Credential> {
  const { tenantId, connectionId } = subject;
  const credential = await repositories.credentials.findByConnection(tenantId, connectionId);
  if (!credential) throw new NotFoundError('connection', connectionId);
  return credential;
}

/** @throws TenonError `CONNECTION_NEEDS_REAUTHORIZATION`, `CONNECTION_DISABLED`, `CONNECTION_NOT_FOUND`. */
export async function requireActive(
  repositories: Pick<Repositories, 'connections'>,
  subject: Pick<RefreshSubject, 'tenantId' | 'connectionId'>,
): Promise<Connection> {
  const connection = await repositories.connections.find(subject.tenantId, subject.connectionId);
  if (!connection) throw new NotFoundError('connection', subject.connectionId);
  if (connection.state === 'disabled') throw connectionDisabled(connection);
  if (connection.state === 'needs_reauthorization') {
    throw connectionNeedsReauthorization(connection);
  }
  return connection;
}
