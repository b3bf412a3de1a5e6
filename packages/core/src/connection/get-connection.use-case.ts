import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { Connection, ConnectionId } from './connection.js';
import { visibleConnection } from './visible-connection.js';

/** Answers one connection. Throws `CONNECTION_NOT_FOUND`. */
export class GetConnection {
  constructor(
    private readonly parts: { readonly persistence: Pick<Repositories, 'connections'> },
  ) {}

  async execute(
    context: Context,
    input: { readonly connectionId: ConnectionId },
  ): Promise<Connection> {
    requireScope(context, 'connections:read');
    return visibleConnection(this.parts.persistence, context, input.connectionId);
  }
}
