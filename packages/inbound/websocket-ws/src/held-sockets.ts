import { MAX_SOCKET_MESSAGE_BYTES, socketMessageTooLarge } from '@tenon/core';
import type { SocketSender, TenantId, WebsocketConnectionId } from '@tenon/core';
import type { HeldSocket } from './held-socket.js';

/** The connections of this process. */
export class HeldSockets {
  readonly #held = new Map<WebsocketConnectionId, HeldSocket>();

  constructor(readonly endpoint: string) {}

  get size(): number {
    return this.#held.size;
  }

  get all(): readonly HeldSocket[] {
    return [...this.#held.values()];
  }

  /** The tenants that have connections here. */
  get tenantIds(): readonly TenantId[] {
    return [...new Set(this.all.map(({ connection }) => connection.tenantId))];
  }

  get(id: WebsocketConnectionId): HeldSocket | undefined {
    return this.#held.get(id);
  }

  add(held: HeldSocket): void {
    this.#held.set(held.connection.id, held);
  }

  remove(id: WebsocketConnectionId): void {
    this.#held.delete(id);
  }

  /** Sends to them. */
  sender(): SocketSender {
    return {
      serves: (endpoint) => endpoint === this.endpoint,
      send: async ({ id, tenantId }, text, signal) => {
        signal?.throwIfAborted();
        const bytes = Buffer.byteLength(text);
        if (bytes > MAX_SOCKET_MESSAGE_BYTES) {
          throw socketMessageTooLarge(bytes, MAX_SOCKET_MESSAGE_BYTES);
        }
        const held = this.#held.get(id);
        if (held?.connection.tenantId !== tenantId) return 'gone';
        return held.send(text) ? 'sent' : 'gone';
      },
      close: () => Promise.resolve(),
    };
  }
}
