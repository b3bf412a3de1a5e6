import type { WebsocketConnection } from '@tenon/core';
import type { RawData, WebSocket } from 'ws';
import { Allowance } from './allowance.js';
import type { ValidOptions } from './options.js';

/** Codes of RFC 6455 §7.4.1 and of the registry of IANA. */
export const CLOSE = { goingAway: 1001, noText: 1003, policy: 1008, tryLater: 1013 } as const;

/** Messages of one client that may wait for their turn. */
const MAX_WAITING = 20;

/** One connection that this process holds. */
export class HeldSocket {
  /** Whether it answered the last ping. */
  alive = true;
  readonly openedMs: number;
  readonly #allowance: Allowance;
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(
    readonly socket: WebSocket,
    readonly connection: WebsocketConnection,
    private readonly options: ValidOptions,
  ) {
    this.openedMs = options.clock.monotonicMs();
    this.#allowance = new Allowance(options.messagesPerSecond, options.clock);
    socket.on('pong', () => {
      this.alive = true;
    });
    socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary);
    });
  }

  /** Sends; false when the client is gone, or so slow that it was cut. */
  send(text: string): boolean {
    const { socket, options } = this;
    if (socket.readyState !== socket.OPEN) return false;
    if (socket.bufferedAmount > options.maxBufferedBytes) {
      this.end(CLOSE.tryLater, 'too slow');
      return false;
    }
    socket.send(text, (error) => {
      if (error) socket.terminate();
    });
    return true;
  }

  end(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** Cuts a client that did not answer the last ping, or asks it again. */
  beat(): void {
    const ageMs = this.options.clock.monotonicMs() - this.openedMs;
    if (!this.alive) this.socket.terminate();
    else if (ageMs >= this.options.maxAgeMs) this.end(CLOSE.goingAway, 'connect anew');
    else {
      this.alive = false;
      this.socket.ping();
    }
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.alive = true;
    if (isBinary) {
      this.end(CLOSE.noText, 'text only');
    } else if (!this.#allowance.take() || this.#waiting >= MAX_WAITING) {
      this.end(CLOSE.policy, 'too many messages');
    } else {
      this.#waiting += 1;
      // One after another: answers come in the order of the questions.
      this.#turn = this.#turn.then(() => this.#answer((data as Buffer).toString()));
    }
  }

  async #answer(text: string): Promise<void> {
    const { websockets, ids, logger } = this.options;
    const { id: connectionId, tenantId, userId } = this.connection;
    const requestId = ids.next();
    const context = {
      requestId,
      actor: 'system',
      logger: logger.child({ requestId, tenantId, userId }),
    } as const;
    try {
      const { reply } = await websockets.receive(context, { connectionId, text });
      this.send(reply);
    } catch (error) {
      context.logger.error('A websocket message could not be answered', { error });
    } finally {
      this.#waiting -= 1;
    }
  }
}
