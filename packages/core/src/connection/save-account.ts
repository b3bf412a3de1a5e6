import type { Credential, CredentialId, CredentialMaterial } from '../credential/credential.js';
import type { Identity } from '../connector/connector.js';
import { MisconfiguredError, NotFoundError } from '../platform/common.errors.js';
import type { Clock } from '../platform/clock.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { JsonObject } from '../platform/json.js';
import type { Persistence, Repositories } from '../platform/persistence.port.js';
import { secret } from '../platform/secret.js';
import { hasCode } from '../platform/tenon.error.js';
import type { UserId } from '../user/user.js';
import type { TenantId } from '../tenant/tenant.js';
import { connectionAccountMismatch } from './connection.errors.js';
import type { Connection, ConnectionId } from './connection.js';

/** An account that was just authenticated, to be kept. */
export interface AuthenticatedAccount {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly connector: string;
  /** The connection that is authorised again; null for a new one. */
  readonly connectionId: ConnectionId | null;
  /** What its user calls it; null keeps the name it has, or takes the account's. */
  readonly name: string | null;
  readonly identity: Identity;
  /** Non-secret form fields, kept with the identity's profile. */
  readonly profile: JsonObject;
  readonly scopes: readonly string[];
  readonly material: CredentialMaterial;
  readonly expiresAt: Date | null;
}

/** What was kept. `previousState` is null for a new connection. */
export interface SavedAccount {
  readonly connection: Connection;
  readonly previousState: Connection['state'] | null;
}

interface Parts {
  readonly persistence: Pick<Persistence, 'transaction'>;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

const ATTEMPTS = 5;

/**
 * Keeps an account: connection and credential in one transaction. An account that its user has connected already keeps its
 * connection and gets the new credential.
 * @throws TenonError `CONNECTION_ACCOUNT_MISMATCH` when a connection is authorised again with another account,
 * `CONNECTION_NOT_FOUND` when it is gone, `USER_NOT_FOUND` when its user is.
 */
export async function saveAccount(
  account: AuthenticatedAccount,
  parts: Parts,
): Promise<SavedAccount> {
  if (!account.identity.externalId) {
    throw new MisconfiguredError(
      `Connector '${account.connector}': identity must answer a non-empty externalId`,
    );
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await parts.persistence.transaction((repositories) =>
        save(account, repositories, parts),
      );
    } catch (error) {
      // A refresh wrote the credential, or another tab connected the same account: read again.
      const lost = hasCode(error, 'VERSION_CONFLICT') || hasCode(error, 'UNIQUE_CONFLICT');
      if (!lost || attempt >= ATTEMPTS) throw error;
    }
  }
}

async function save(
  account: AuthenticatedAccount,
  repositories: Repositories,
  parts: Parts,
): Promise<SavedAccount> {
  const existing = await findExisting(account, repositories);
  if (!existing) return insert(account, repositories, parts);
  const connection = await repositories.connections.update({
    ...existing,
    ...factsOf(account, parts.clock.now()),
    name: account.name ?? existing.name,
  });
  await replaceCredential(connection, account, { repositories, ...parts });
  return { connection, previousState: existing.state };
}

async function findExisting(
  account: AuthenticatedAccount,
  { connections }: Repositories,
): Promise<Connection | null> {
  const { tenantId, userId, connector, connectionId } = account;
  const { externalId } = account.identity;
  if (connectionId === null) {
    return connections.findByAccount(tenantId, { userId, connector, externalId });
  }
  const existing = await connections.find(tenantId, connectionId);
  if (!existing) throw new NotFoundError('connection', connectionId);
  if (existing.externalId !== externalId || existing.connector !== connector) {
    throw connectionAccountMismatch(existing);
  }
  return existing;
}

/** What authenticating anew says about a connection, whatever it was before. */
function factsOf(account: AuthenticatedAccount, now: Date) {
  return {
    state: 'active' as const,
    profile: { ...account.profile, ...account.identity.profile },
    scopes: account.scopes,
    problem: null,
    lastTestedAt: now,
    updatedAt: now,
  };
}

async function insert(
  account: AuthenticatedAccount,
  repositories: Repositories,
  parts: Parts,
): Promise<SavedAccount> {
  const now = parts.clock.now();
  const { identity } = account;
  const connection: Connection = {
    id: parts.ids.next<ConnectionId>(),
    tenantId: account.tenantId,
    userId: account.userId,
    connector: account.connector,
    name: (account.name ?? identity.name ?? identity.externalId).slice(0, 200),
    externalId: identity.externalId,
    ...factsOf(account, now),
    createdAt: now,
    version: 1,
  };
  // A user that is deleted meanwhile leaves no connection behind.
  if (!(await repositories.users.hold(connection.tenantId, connection.userId))) {
    throw new NotFoundError('user', connection.userId);
  }
  await repositories.connections.insert(connection);
  await repositories.credentials.insert(newCredential(connection, account, parts));
  return { connection, previousState: null };
}

function newCredential(
  connection: Connection,
  account: AuthenticatedAccount,
  { clock, ids }: Parts,
): Credential {
  const now = clock.now();
  return {
    id: ids.next<CredentialId>(),
    tenantId: connection.tenantId,
    connectionId: connection.id,
    material: secret(account.material),
    expiresAt: account.expiresAt,
    refreshAttempt: null,
    refreshNotBefore: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

async function replaceCredential(
  connection: Connection,
  account: AuthenticatedAccount,
  parts: Parts & { readonly repositories: Repositories },
): Promise<void> {
  const { credentials } = parts.repositories;
  const fresh = newCredential(connection, account, parts);
  const old = await credentials.findByConnection(connection.tenantId, connection.id);
  if (!old) return credentials.insert(fresh);
  const { id, createdAt, version } = old;
  await credentials.update({ ...fresh, id, createdAt, version });
}
