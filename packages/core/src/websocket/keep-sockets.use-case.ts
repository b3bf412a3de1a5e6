import type { Clock } from '../platform/clock.port.js';
import type { AppContext } from '../platform/context.js';
import { mapBounded } from './map-bounded.js';
import type { SocketTarget } from './socket-sender.port.js';
import type { WebsocketConnectionRepository } from './websocket-connection-repository.port.js';
import type { WebsocketConnectionId } from './websocket-connection.js';

const AT_ONCE = 8;

/** Notes that connections are alive, for servers that hold them themselves. */
export class KeepSockets {
  constructor(
    private readonly parts: {
      readonly websocketConnections: WebsocketConnectionRepository;
      readonly clock: Clock;
    },
  ) {}

  /** Answers those that are not known any more, because their user or tenant was deleted: close them. */
  async execute(
    _context: AppContext,
    input: {
      readonly connections: readonly Pick<SocketTarget, 'id' | 'tenantId'>[];
      readonly ttlMs: number;
    },
  ): Promise<{ readonly unknown: readonly WebsocketConnectionId[] }> {
    const { websocketConnections, clock } = this.parts;
    const lastSeenAt = clock.now();
    const times = { lastSeenAt, expiresAt: new Date(lastSeenAt.getTime() + input.ttlMs) };
    const known = await mapBounded(input.connections, AT_ONCE, ({ tenantId, id }) =>
      websocketConnections.touch(tenantId, id, times),
    );
    return { unknown: input.connections.flatMap(({ id }, index) => (known[index] ? [] : [id])) };
  }
}
