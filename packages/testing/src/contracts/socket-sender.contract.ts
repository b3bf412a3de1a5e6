import { MAX_SOCKET_MESSAGE_BYTES } from '@tenon/core';
import type { SocketSender, SocketTarget, WebsocketConnectionId } from '@tenon/core';
import { uniqueName } from '../fixtures/unique.js';
import { codeOf } from './persistence-suite.js';
import { describeContract } from './suite.js';
import type { Made, Suite } from './suite.js';

/** A client that is connected through the gateway under test. */
export interface ConnectedClient {
  readonly target: SocketTarget;
  /** Waits until it has got so many messages, and answers them all. */
  received(count: number): Promise<readonly string[]>;
  /** Ends the connection, and waits until the gateway knows. */
  leave(): Promise<void>;
}

/** A sender under test. */
export interface SocketSenderUnderTest extends Made {
  readonly sender: SocketSender;
  connect(): Promise<ConnectedClient>;
}

/** Options of {@link socketSenderContract}. */
export interface SocketSenderContractOptions {
  readonly make: () => Promise<SocketSenderUnderTest>;
}

function contract({ it, expect }: Suite<SocketSenderUnderTest>): void {
  it('sends texts as they are, in order', async ({ sender, connect }) => {
    const client = await connect();
    const other = await connect();
    const texts = ['{"a":"ä€😀\\u0000"}', '{}', ...Array.from({ length: 20 }, (_, n) => `${n}`)];
    for (const text of texts) expect(await sender.send(client.target, text)).toBe('sent');
    await sender.send(other.target, '"other"');
    expect(await client.received(texts.length)).toEqual(texts);
    expect(await other.received(1)).toEqual(['"other"']);
  });

  it('takes the largest message, and names the size of larger ones', async ({
    sender,
    connect,
  }) => {
    const { target, received } = await connect();
    const largest = JSON.stringify(`${'€'.repeat(MAX_SOCKET_MESSAGE_BYTES / 3 - 1)}x`);
    expect(await sender.send(target, largest)).toBe('sent');
    expect(await received(1)).toEqual([largest]);
    expect(await codeOf(sender.send(target, `${largest}x`))).toBe('WEBSOCKET_MESSAGE_TOO_LARGE');
  });

  it('says that a connection is gone, or was never there', async ({ sender, connect }) => {
    const { target, leave } = await connect();
    await leave();
    expect(await sender.send(target, '"late"')).toBe('gone');
    const id = uniqueName() as WebsocketConnectionId;
    expect(await sender.send({ ...target, id }, '"nobody"')).toBe('gone');
  });

  it('sends nothing when its signal has aborted, and throws the reason', async ({
    sender,
    connect,
  }) => {
    const { target, received } = await connect();
    const reason = new Error('enough');
    const sending = sender.send(target, '"never"', AbortSignal.abort(reason));
    expect(await sending.catch((error: unknown) => error)).toBe(reason);
    await sender.send(target, '"after"');
    expect(await received(1)).toEqual(['"after"']);
  });

  it('knows its own connections by their endpoint', async ({ sender, connect }) => {
    const { target } = await connect();
    expect(sender.serves(target.endpoint)).toBe(true);
    expect(sender.serves('other:nowhere')).toBe(false);
  });
}

/** Tests of a `SocketSender`: through a gateway, with clients that are connected to it. */
export function socketSenderContract(title: string, options: SocketSenderContractOptions): void {
  describeContract(`socket sender: ${title}`, options, [contract]);
}
