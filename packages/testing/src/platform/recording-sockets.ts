import { socketSendFailed } from '@tenon/core';
import type { SocketSender, WebsocketConnectionId } from '@tenon/core';

/** A message that was sent. */
export interface SentMessage {
  readonly to: WebsocketConnectionId;
  readonly message: unknown;
}

/** A {@link SocketSender} that keeps what is sent. */
export interface RecordingSockets extends SocketSender {
  /** Oldest first. */
  readonly sent: readonly SentMessage[];
  /** What a connection got. */
  sentTo(id: WebsocketConnectionId): unknown[];
  /** From now on the connection is gone. */
  lose(id: WebsocketConnectionId): void;
  /** From now on, until it is called with `false`, sending to the connection fails. */
  fail(id: WebsocketConnectionId, failing?: boolean): void;
}

/** A sender for tests, which serves every connection. */
export function recordingSockets(): RecordingSockets {
  const sent: SentMessage[] = [];
  const lost = new Set<WebsocketConnectionId>();
  const failing = new Set<WebsocketConnectionId>();
  return {
    sent,
    sentTo: (id) => sent.filter(({ to }) => to === id).map(({ message }) => message),
    lose: (id) => void lost.add(id),
    fail: (id, fails = true) => {
      if (fails) failing.add(id);
      else failing.delete(id);
    },
    serves: () => true,
    send: async ({ id }, text, signal) => {
      signal?.throwIfAborted();
      if (failing.has(id)) throw socketSendFailed('the test says so');
      if (lost.has(id)) return 'gone';
      sent.push({ to: id, message: JSON.parse(text) });
      return 'sent';
    },
    close: async () => undefined,
  };
}
