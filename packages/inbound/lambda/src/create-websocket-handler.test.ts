import { beforeEach, describe, expect, it } from '@jest/globals';
import { TenonError } from '@tenon/core';
import { lambdaContext, recordingLogger, websocketEvent } from '@tenon/testing';
import type { RecordingLogger } from '@tenon/testing';
import { createWebsocketHandler } from './create-websocket-handler.js';
import type { WebsocketGatewayCommands } from './create-websocket-handler.js';

const endpoint = 'https://a.execute-api.eu-central-1.amazonaws.com/live';
let calls: [string, unknown][];
let failing: Error | null;
let logger: RecordingLogger;
beforeEach(() => {
  calls = [];
  failing = null;
  logger = recordingLogger();
});

const note = async (name: string, input: unknown): Promise<void> => {
  calls.push([name, input]);
  if (failing) throw failing;
};

const websockets: WebsocketGatewayCommands = {
  connect: async (_context, input) => {
    await note('connect', input);
    return {} as never;
  },
  disconnect: async (_context, input) => note('disconnect', input),
  receive: async (_context, input) => {
    await note('receive', input);
    return { reply: '{"type":"pong"}' };
  },
};

const invoke = (event: unknown, options: object = {}) =>
  createWebsocketHandler({ websockets: () => websockets, endpoint, logger, ...options })(
    event as never,
    lambdaContext(),
  );

describe('createWebsocketHandler', () => {
  it('reads ticket, origin and protocol, however the gateway spells the headers', async () => {
    for (const name of ['Sec-WebSocket-Protocol', 'sec-websocket-protocol']) {
      const headers = { [name]: 'tenon, ticket.tnw_1', Origin: 'https://app.example.com' };
      const event = websocketEvent({ type: 'CONNECT', connectionId: 'c1=', headers });
      expect(await invoke(event)).toEqual({
        statusCode: 200,
        headers: { 'Sec-WebSocket-Protocol': 'tenon' },
      });
    }
    const connect = { connectionId: 'c1=', endpoint, ttlMs: 7_260_000, ticket: 'tnw_1' };
    expect(calls[1]).toEqual(['connect', { ...connect, origin: 'https://app.example.com' }]);
  });

  it('takes a ticket of the query, and a bearer token of the header', async () => {
    const query = { ticket: 'tnw_2' };
    expect(await invoke(websocketEvent({ type: 'CONNECT', query }))).toEqual({ statusCode: 200 });
    const headers = { Authorization: 'Bearer tnn_3' };
    await invoke(websocketEvent({ type: 'CONNECT', headers }));
    await invoke(websocketEvent({ type: 'CONNECT' }));
    expect(calls.map(([, input]) => input)).toMatchObject([
      { ticket: 'tnw_2', origin: null },
      { bearer: 'tnn_3', origin: null },
      { origin: null },
    ]);
    expect(calls[2]?.[1]).not.toHaveProperty('ticket');
    expect(calls[2]?.[1]).not.toHaveProperty('bearer');
  });

  it('answers messages with their reply, and disconnections with nothing', async () => {
    const text = '{"type":"ping"}';
    const message = websocketEvent({ type: 'MESSAGE', connectionId: 'c1', body: text });
    expect(await invoke(message)).toEqual({ statusCode: 200, body: '{"type":"pong"}' });
    const encoded = { body: Buffer.from(text).toString('base64'), isBase64Encoded: true };
    await invoke({ ...message, ...encoded });
    const gone = websocketEvent({ type: 'DISCONNECT', connectionId: 'c1' });
    expect(await invoke(gone)).toEqual({ statusCode: 200 });
    expect(calls).toEqual([
      ['receive', { connectionId: 'c1', text }],
      ['receive', { connectionId: 'c1', text }],
      ['disconnect', { connectionId: 'c1' }],
    ]);
  });

  it('refuses with the status of the reason, and logs no ticket', async () => {
    const event = websocketEvent({ type: 'CONNECT', query: { ticket: 'tnw_canary' } });
    const refuse = (code: string, category: TenonError['category']) => {
      failing = new TenonError({ code, category, message: 'no' });
      return invoke(event);
    };
    expect(await refuse('UNAUTHENTICATED', 'unauthenticated')).toMatchObject({ statusCode: 401 });
    expect(await refuse('WEBSOCKET_ORIGIN_REFUSED', 'forbidden')).toMatchObject({
      statusCode: 403,
      body: expect.stringContaining('WEBSOCKET_ORIGIN_REFUSED'),
    });
    failing = new Error('canary of the inside');
    expect(JSON.stringify(await invoke(event))).not.toContain('canary');
    expect(JSON.stringify(logger.lines)).toContain('"type":"websocket"');
    logger.assertNever('tnw_canary');
  });

  it('says what is wrong with events and options that are none of its own', async () => {
    expect(await invoke({ Records: [] })).toMatchObject({ statusCode: 500 });
    expect(JSON.stringify(logger.lines)).toContain('MISCONFIGURED');
    const make = (options: object) => () => createWebsocketHandler(options as never);
    expect(make({ websockets: () => websockets, endpont: 'x' })).toThrow("'endpoint'");
    expect(make({})).toThrow("option 'websockets' must be a function");
  });

  it('takes the address of the stage from the event when nobody names it', async () => {
    const named = process.env['WEBSOCKET_ENDPOINT'];
    delete process.env['WEBSOCKET_ENDPOINT'];
    try {
      await invoke(websocketEvent({ type: 'CONNECT' }), { endpoint: undefined });
    } finally {
      if (named !== undefined) process.env['WEBSOCKET_ENDPOINT'] = named;
    }
    const expected = 'https://abcdef1234.execute-api.us-east-1.amazonaws.com/live';
    expect(calls[0]?.[1]).toMatchObject({ endpoint: expected });
  });
});
