import type { Connector, Identity } from '../connector/connector.js';
import type { ApiClientFactory } from '../credential/api-client-factory.port.js';
import type { Clock } from '../platform/clock.port.js';
import type { Context } from '../platform/context.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import { hasCode } from '../platform/tenon.error.js';
import type { UserId } from '../user/user.js';
import { announceSaved } from './announce-saved.js';
import type { ReauthorizedParts } from './announce-saved.js';
import { credentialRejected } from './connection.errors.js';
import type { Connection, ConnectionId } from './connection.js';
import type { FilledForm } from './form-fields.js';
import { saveAccount } from './save-account.js';

/** What connecting an account by a form needs. */
export type ConnectFormParts = ReauthorizedParts & {
  readonly persistence: Pick<Persistence, 'connections' | 'transaction'>;
  readonly clients: ApiClientFactory;
  readonly clock: Clock;
  readonly ids: IdGenerator;
};

/** Whose account it is, and what was filled in. */
export interface FilledConnection {
  readonly connector: Connector;
  readonly form: FilledForm;
  readonly existing: Pick<Connection, 'id'> | null;
  readonly userId: UserId;
  readonly name: string | null;
  /** Called when the provider has taken the credential and before it is kept; nothing is kept when it throws. */
  readonly claim?: () => Promise<void>;
}

async function identify(
  { clients }: ConnectFormParts,
  context: Context,
  { connector, form }: FilledConnection,
): Promise<Identity> {
  try {
    return await connector.identity(clients.createTemporary(connector, form, context));
  } catch (error) {
    const refused =
      hasCode(error, 'PROVIDER_REJECTED') && [401, 403].includes(Number(error.details['status']));
    throw refused ? credentialRejected(connector.name, error) : error;
  }
}

/** Tries what was filled in by the identity call, then keeps it. */
export async function connectForm(
  parts: ConnectFormParts,
  context: Context,
  filled: FilledConnection,
): Promise<Connection> {
  const identity = await identify(parts, context, filled);
  await filled.claim?.();
  const { connector, form, existing, userId, name } = filled;
  const connectionId: ConnectionId | null = existing?.id ?? null;
  const saved = await saveAccount(
    {
      ...{ tenantId: context.tenantId, userId, connector: connector.name, connectionId, name },
      ...{ identity, ...form, scopes: [], expiresAt: null },
    },
    parts,
  );
  await announceSaved(saved, context, parts);
  return saved.connection;
}
