import type { CancellationSignal } from '../platform/cancellation.js';
import type { WebsocketConnection } from './websocket-connection.js';

/**
 * The most bytes of UTF-8 that a message to a browser has, over every gateway: API Gateway takes 128 KB, and a message that waits
 * for another process must fit into one entry of state with all its quotes escaped.
 */
export const MAX_SOCKET_MESSAGE_BYTES = 120_000;

/** The most bytes that a message of a browser has: one frame of API Gateway. */
export const MAX_SOCKET_INPUT_BYTES = 32_768;

/** Where a message goes. */
export type SocketTarget = Pick<WebsocketConnection, 'id' | 'tenantId' | 'endpoint'>;

/** `gone`: the connection has ended and never comes back; its row can go. */
export type SocketOutcome = 'sent' | 'gone';

/** Sends to browsers through one kind of gateway. */
export interface SocketSender {
  /** Whether connections with this endpoint are its. */
  serves(endpoint: string): boolean;
  /**
   * Sends one message. `sent` says that the gateway has it, not that the browser read it.
   * @throws TenonError `WEBSOCKET_SEND_FAILED` (retryable), `WEBSOCKET_MESSAGE_TOO_LARGE`, or the signal's reason.
   */
  send(target: SocketTarget, text: string, signal?: CancellationSignal): Promise<SocketOutcome>;
  /** Frees sockets and timers. Idempotent. */
  close(): Promise<void>;
}
