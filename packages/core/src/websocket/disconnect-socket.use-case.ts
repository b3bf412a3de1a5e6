import type { AppContext } from '../platform/context.js';
import type { WebsocketConnectionRepository } from './websocket-connection-repository.port.js';
import type { WebsocketConnectionId } from './websocket-connection.js';

/** Forgets connections that ended. Idempotent. */
export class DisconnectSocket {
  constructor(
    private readonly parts: { readonly websocketConnections: WebsocketConnectionRepository },
  ) {}

  async execute(
    _context: AppContext,
    input: { readonly connectionId: WebsocketConnectionId },
  ): Promise<void> {
    const { websocketConnections } = this.parts;
    const connection = await websocketConnections.findById(input.connectionId);
    if (connection) await websocketConnections.deleteMany(connection.tenantId, [connection.id]);
  }
}
