import type { Clock } from '../platform/clock.port.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { changeConnection } from './change-connection.js';
import type { Connection, ConnectionId } from './connection.js';
import { connectionName } from './connection-name.js';
import { visibleConnection } from './visible-connection.js';

/** Renames a connection. Throws `CONNECTION_NOT_FOUND`, `VALIDATION_FAILED`. */
export class RenameConnection {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'connections'>;
      readonly clock: Clock;
    },
  ) {}

  async execute(
    context: Context,
    input: { readonly connectionId: ConnectionId; readonly name: string },
  ): Promise<Connection> {
    requireScope(context, 'connections:write');
    const name = connectionName(input.name);
    const { clock, persistence } = this.parts;
    const connection = await visibleConnection(persistence, context, input.connectionId);
    const updatedAt = clock.now();
    return changeConnection(persistence, connection, (current) => ({
      ...current,
      name,
      updatedAt,
    }));
  }
}
