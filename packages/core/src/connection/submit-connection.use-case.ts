import type { SubmitConnectionInput } from '../app/command-inputs.js';
import type { Registry } from '../app/registry.js';
import type { Connector, Identity } from '../connector/connector.js';
import type { ApiClientFactory } from '../credential/api-client-factory.port.js';
import type { Clock } from '../platform/clock.port.js';
import { ForbiddenError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import { hasCode } from '../platform/tenon.error.js';
import { announceSaved } from './announce-saved.js';
import type { ReauthorizedParts } from './announce-saved.js';
import { credentialRejected, wrongAuthType } from './connection.errors.js';
import type { Connection } from './connection.js';
import { connectionName } from './connection-name.js';
import { readForm } from './form-fields.js';
import type { FilledForm } from './form-fields.js';
import { saveAccount } from './save-account.js';
import { visibleConnection } from './visible-connection.js';

/**
 * Connects an account by API key or basic authentication. What was filled in is tried by the identity call before it is kept.
 * Throws: `CONNECTOR_NOT_FOUND`, `WRONG_AUTH_TYPE`, `VALIDATION_FAILED`, `CREDENTIAL_REJECTED`, `CONNECTION_ACCOUNT_MISMATCH`, `PROVIDER_…`.
 */
export class SubmitConnection {
  constructor(
    private readonly parts: ReauthorizedParts & {
      readonly registry: Registry;
      readonly persistence: Pick<Persistence, 'connections' | 'transaction'>;
      readonly clients: ApiClientFactory;
      readonly clock: Clock;
      readonly ids: IdGenerator;
    },
  ) {}

  async execute(context: Context, input: SubmitConnectionInput): Promise<Connection> {
    requireScope(context, 'connections:write');
    const connector = this.parts.registry.connector(input.connector);
    const { auth } = connector;
    if (auth.type === 'oauth2') {
      throw wrongAuthType(
        connector.name,
        `'${connector.name}' is connected by OAuth; start an authorization`,
      );
    }
    const name = input.name === undefined ? null : connectionName(input.name);
    const form = readForm(auth, input.fields);
    const existing = await this.#existing(context, input);
    const userId = existing?.userId ?? context.userId;
    if (!userId) throw new ForbiddenError('A connection belongs to a user; ask as one');
    const identity = await this.#identify(context, connector, form);
    const saved = await saveAccount(
      {
        tenantId: context.tenantId,
        userId,
        connector: connector.name,
        connectionId: existing?.id ?? null,
        name,
        identity,
        ...form,
        scopes: [],
        expiresAt: null,
      },
      this.parts,
    );
    await announceSaved(saved, context, this.parts);
    return saved.connection;
  }

  async #existing(context: Context, input: SubmitConnectionInput): Promise<Connection | null> {
    if (input.connectionId === undefined) return null;
    return visibleConnection(this.parts.persistence, context, input.connectionId);
  }

  async #identify(context: Context, connector: Connector, form: FilledForm): Promise<Identity> {
    try {
      return await connector.identity(this.parts.clients.createTemporary(connector, form, context));
    } catch (error) {
      const refused =
        hasCode(error, 'PROVIDER_REJECTED') && [401, 403].includes(Number(error.details['status']));
      throw refused ? credentialRejected(connector.name, error) : error;
    }
  }
}
