import type { CancellationSignal } from '../platform/cancellation.js';
import type { SocketOutcome, SocketSender, SocketTarget } from './socket-sender.port.js';
import { socketSendFailed } from './websocket.errors.js';

/** Sends through whichever sender serves the connection's gateway; those that were added last are asked first. */
export class SocketRouter implements SocketSender {
  #senders: readonly SocketSender[];

  constructor(senders: readonly SocketSender[] = []) {
    this.#senders = senders;
  }

  /** Adds a sender; call the answer to take it away. */
  add(sender: SocketSender): () => void {
    this.#senders = [sender, ...this.#senders];
    return () => {
      this.#senders = this.#senders.filter((each) => each !== sender);
    };
  }

  serves(endpoint: string): boolean {
    return this.#senders.some((sender) => sender.serves(endpoint));
  }

  async send(
    target: SocketTarget,
    text: string,
    signal?: CancellationSignal,
  ): Promise<SocketOutcome> {
    const sender = this.#senders.find((each) => each.serves(target.endpoint));
    if (sender) return sender.send(target, text, signal);
    throw socketSendFailed(`this process reaches no gateway at ${target.endpoint}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#senders.map((sender) => sender.close()));
  }
}
