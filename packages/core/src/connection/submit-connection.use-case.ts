import type { SubmitConnectionInput } from '../app/command-inputs.js';
import type { Registry } from '../app/registry.js';
import { ForbiddenError } from '../platform/common.errors.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { connectForm } from './connect-form.js';
import type { ConnectFormParts } from './connect-form.js';
import { wrongAuthType } from './connection.errors.js';
import type { Connection } from './connection.js';
import { connectionName } from './connection-name.js';
import { readForm } from './form-fields.js';
import { visibleConnection } from './visible-connection.js';

/**
 * Connects an account by API key or basic authentication. What was filled in is tried by the identity call before it is kept.
 * Throws: `CONNECTOR_NOT_FOUND`, `WRONG_AUTH_TYPE`, `VALIDATION_FAILED`, `CREDENTIAL_REJECTED`, `CONNECTION_ACCOUNT_MISMATCH`, `PROVIDER_…`.
 */
export class SubmitConnection {
  constructor(private readonly parts: ConnectFormParts & { readonly registry: Registry }) {}

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
    return connectForm(this.parts, context, { connector, form, existing, userId, name });
  }

  async #existing(context: Context, input: SubmitConnectionInput): Promise<Connection | null> {
    if (input.connectionId === undefined) return null;
    return visibleConnection(this.parts.persistence, context, input.connectionId);
  }
}
