import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_SOCKET_INPUT_BYTES, NotFoundError, UnavailableError } from '@tenon/core';
import type {
  AppContext,
  SocketSender,
  WebsocketConnection,
  WebsocketConnectionId,
} from '@tenon/core';
import { WebSocketServer } from 'ws';
import { credentialsOf, pathOf, PROTOCOL, refuse } from './handshake.js';
import { CLOSE, HeldSocket } from './held-socket.js';
import { HeldSockets } from './held-sockets.js';
import { validOptions } from './options.js';
import type { ValidOptions, WebsocketOptions } from './options.js';
import { startRounds } from './rounds.js';

/** Websockets that are served. */
export interface Websockets {
  /** Sends to the connections of this process. */
  readonly sender: SocketSender;
  /** How many there are. */
  readonly size: number;
  /** Asks clients to go (1001), cuts those that have not after `graceMs`, and forgets them. Idempotent. */
  stop(graceMs: number): Promise<void>;
}

/** Rows are prolonged so often that a round may fail. */
const KEEP_PER_TTL = 3;

class WebsocketService implements Websockets {
  readonly sender: SocketSender;
  readonly #held: HeldSockets;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_SOCKET_INPUT_BYTES,
    handleProtocols: (protocols) => (protocols.has(PROTOCOL) ? PROTOCOL : false),
  });
  readonly #rounds: readonly (() => Promise<void>)[];
  /** Connections that are being made or forgotten. */
  readonly #busy = new Set<Promise<void>>();
  #stopped: Promise<void> | null = null;

  constructor(
    private readonly http: Server,
    private readonly options: ValidOptions,
  ) {
    const { ids, heartbeatMs, ttlMs, collectEveryMs } = options;
    this.#held = new HeldSockets(`node:${ids.next()}`);
    this.sender = this.#held.sender();
    http.on('upgrade', this.#onUpgrade);
    this.#rounds = [
      startRounds(options, heartbeatMs, async () => {
        this.#beat();
      }),
      startRounds(options, Math.ceil(ttlMs / KEEP_PER_TTL), () => this.#keep()),
      ...(collectEveryMs === null
        ? []
        : [startRounds(options, collectEveryMs, () => this.#collect())]),
    ];
  }

  get size(): number {
    return this.#held.size;
  }

  stop(graceMs: number): Promise<void> {
    return (this.#stopped ??= this.#stop(graceMs));
  }

  async #stop(graceMs: number): Promise<void> {
    await Promise.all(this.#rounds.map((stop) => stop()));
    const { all } = this.#held;
    for (const held of all) held.end(CLOSE.goingAway, 'the server stops');
    const impatient = setTimeout(() => {
      for (const { socket } of this.#held.all) socket.terminate();
    }, graceMs);
    const closed = all.map(
      ({ socket }) =>
        new Promise<void>((resolve) => {
          if (socket.readyState === socket.CLOSED) resolve();
          else socket.once('close', () => resolve());
        }),
    );
    await Promise.all(closed);
    clearTimeout(impatient);
    await Promise.all(this.#busy);
    this.http.off('upgrade', this.#onUpgrade);
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A client that goes away in the middle is no error of ours.
    socket.on('error', () => undefined);
    const others = this.http.listenerCount('upgrade') > 1;
    if (pathOf(request) !== this.options.path && others) return;
    this.#track(this.#admit(request, socket, head));
  };

  #track(work: Promise<void>): void {
    this.#busy.add(work);
    void work.finally(() => this.#busy.delete(work));
  }

  #context(requestId: string): AppContext {
    const logger = this.options.logger.child({ requestId });
    return { requestId, actor: 'system', logger };
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const context = this.#context(this.options.ids.next());
    try {
      const connection = await this.#connect(context, request);
      const handshake = { done: false };
      this.#server.handleUpgrade(request, socket, head, (ws) => {
        handshake.done = true;
        this.#open(new HeldSocket(ws, connection, this.options));
      });
      // The client left, or what it asks for is no websocket: `ws` has answered.
      if (!handshake.done) await this.#forget(connection.id);
    } catch (error) {
      context.logger.debug('A websocket connection was refused', { error });
      refuse(socket, error, context.requestId);
    }
  }

  #connect(context: AppContext, request: IncomingMessage): Promise<WebsocketConnection> {
    const { path, ids, ttlMs, maxConnections } = this.options;
    if (pathOf(request) !== path) throw new NotFoundError('websocket', pathOf(request));
    if (this.#stopped || this.#held.size >= maxConnections) {
      throw new UnavailableError(
        'WEBSOCKET_SERVER_FULL',
        'This server takes no more websocket connections now; try again',
      );
    }
    return this.options.websockets.connect(context, {
      connectionId: ids.next<WebsocketConnectionId>(),
      endpoint: this.#held.endpoint,
      origin: request.headers.origin ?? null,
      ttlMs,
      ...credentialsOf(request),
    });
  }

  #open(held: HeldSocket): void {
    const { socket, connection } = held;
    this.#held.add(held);
    // Too large, not UTF-8, against the protocol: `ws` closes with the code that says so.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#held.remove(connection.id);
      this.#track(this.#forget(connection.id));
    });
    if (this.#stopped) held.end(CLOSE.goingAway, 'the server stops');
  }

  async #forget(connectionId: WebsocketConnectionId): Promise<void> {
    const context = this.#context(this.options.ids.next());
    try {
      await this.options.websockets.disconnect(context, { connectionId });
    } catch (error) {
      context.logger.warn('A websocket connection could not be forgotten; it expires', { error });
    }
  }

  #beat(): void {
    for (const held of this.#held.all) held.beat();
  }

  async #keep(): Promise<void> {
    const connections = this.#held.all.map(({ connection: { id, tenantId } }) => ({
      id,
      tenantId,
    }));
    if (connections.length === 0) return;
    const { websockets, ids, ttlMs } = this.options;
    const { unknown } = await websockets.keep(this.#context(ids.next()), { connections, ttlMs });
    for (const id of unknown) this.#held.get(id)?.end(CLOSE.policy, 'the user is gone');
  }

  async #collect(): Promise<void> {
    const { tenantIds, endpoint } = this.#held;
    if (tenantIds.length === 0) return;
    const { websockets, ids } = this.options;
    const context = this.#context(ids.next());
    for (const { tenantId, connectionId, text } of await websockets.collect(context, {
      endpoint,
      tenantIds,
    })) {
      const target = { id: connectionId, tenantId, endpoint };
      if ((await this.sender.send(target, text)) === 'gone') await this.#forget(connectionId);
    }
  }
}

/**
 * Serves websockets on an HTTP server. Who connects is authenticated before the connection is made; clients that are slow, silent or
 * flood the server are cut.
 *
 * @example
 * const sockets = startWebsockets(server, { websockets: app.commands.websockets, ids, clock });
 * app.sockets.add(sockets.sender);
 *
 * @throws MisconfiguredError for unknown, missing or wrong options.
 */
export function startWebsockets(server: Server, options: WebsocketOptions): Websockets {
  return new WebsocketService(server, validOptions(options));
}
