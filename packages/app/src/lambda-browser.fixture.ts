import { randomUUID } from 'node:crypto';
import { websocketEvent } from '@tenon/testing';
import type { FakeGateway, LambdaRuntime } from '@tenon/testing';
import { resultOf } from './lambda-calls.fixture.js';

interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A browser that is connected through API Gateway to a function. */
export interface LambdaBrowser {
  readonly connectionId: string;
  /** Sends a message; the answer of the route. */
  send(message: object): Promise<Record<string, unknown>>;
  /** What was pushed to it so far. */
  pushed(): readonly string[];
  leave(): Promise<void>;
}

/** Connects with a ticket as a gateway does it. @throws Error with what the function answered. */
export async function connectBrowser(
  websocket: LambdaRuntime,
  gateway: FakeGateway,
  ticket: string,
): Promise<LambdaBrowser> {
  const connectionId = gateway.connect();
  const invoke = async (input: Parameters<typeof websocketEvent>[0]): Promise<GatewayAnswer> =>
    resultOf<GatewayAnswer>(await websocket.invoke(websocketEvent({ connectionId, ...input })));
  const headers = {
    'Sec-WebSocket-Key': randomUUID(),
    'Sec-WebSocket-Protocol': `tenon, ticket.${ticket}`,
    Origin: 'https://api.example.test',
  };
  const connected = await invoke({ type: 'CONNECT', headers });
  if (connected.statusCode !== 200) throw new Error(JSON.stringify(connected));
  return {
    connectionId,
    send: async (body) => {
      const { body: reply = '{}' } = await invoke({ type: 'MESSAGE', body });
      return JSON.parse(reply) as Record<string, unknown>;
    },
    pushed: () => gateway.messagesOf(connectionId),
    leave: async () => {
      gateway.disconnect(connectionId);
      await invoke({ type: 'DISCONNECT' });
    },
  };
}
