import type { Socket } from 'node:net';

function nothing(this: GatewaySocket): GatewaySocket {
  return this;
}

/**
 * The part of a socket that request handling reads, for a request that came as an event. There is nothing behind it:
 * listeners are never called, because nobody can hang up on an event.
 */
export class GatewaySocket {
  readonly readable = true;
  readonly writable = true;
  readonly encrypted: boolean;
  readonly remoteAddress: string | undefined;
  readonly localPort = 443;
  destroyed = false;
  readonly #onDestroy: (error: Error | undefined) => void;

  constructor(
    peer: { readonly remoteAddress: string | undefined; readonly encrypted: boolean },
    onDestroy: (error: Error | undefined) => void,
  ) {
    this.remoteAddress = peer.remoteAddress;
    this.encrypted = peer.encrypted;
    this.#onDestroy = onDestroy;
  }

  address(): { port: number } {
    return { port: 443 };
  }

  /** Middleware cuts the connection when it fails after the first byte; here that fails the invocation. */
  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.#onDestroy(error);
    return this;
  }

  declare on: typeof nothing;
  declare once: typeof nothing;
  declare off: typeof nothing;
  declare addListener: typeof nothing;
  declare removeListener: typeof nothing;
  declare prependListener: typeof nothing;
  declare emit: typeof nothing;
  declare setTimeout: typeof nothing;
  declare setKeepAlive: typeof nothing;
  declare setNoDelay: typeof nothing;
  declare cork: typeof nothing;
  declare uncork: typeof nothing;
  declare pause: typeof nothing;
  declare resume: typeof nothing;
  declare ref: typeof nothing;
  declare unref: typeof nothing;
  declare end: typeof nothing;
}

Object.assign(
  GatewaySocket.prototype,
  Object.fromEntries(
    (
      'on once off addListener removeListener prependListener emit setTimeout setKeepAlive setNoDelay ' +
      'cork uncork pause resume ref unref end'
    )
      .split(' ')
      .map((name) => [name, nothing]),
  ),
);

/** `node:http` types want a whole socket; request handling uses the part that {@link GatewaySocket} has. */
export function asSocket(socket: GatewaySocket): Socket {
  return socket as unknown as Socket;
}
