/** What an event of a websocket API consists of. */
export interface WebsocketEventInput {
  readonly type: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
  /** Default: `L0SM9cOFvHcCIhw=`. */
  readonly connectionId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Text of a message; what is no string is sent as JSON. */
  readonly body?: unknown;
}

const ROUTES = { CONNECT: '$connect', MESSAGE: '$default', DISCONNECT: '$disconnect' } as const;

/** An event of an API Gateway websocket API, as its integration sends it. */
export function websocketEvent(input: WebsocketEventInput): Readonly<Record<string, unknown>> {
  const { type, connectionId = 'L0SM9cOFvHcCIhw=', headers, query, body } = input;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    ...(type === 'CONNECT' && {
      headers: { Host: 'abcdef1234.execute-api.us-east-1.amazonaws.com', ...headers },
      multiValueHeaders: Object.fromEntries(
        Object.entries(headers ?? {}).map(([name, value]) => [name, [value]]),
      ),
      ...(query && { queryStringParameters: { ...query } }),
    }),
    requestContext: {
      routeKey: ROUTES[type],
      eventType: type,
      ...(type === 'MESSAGE' && { messageId: 'L0SM-dOFvHcCIhw=' }),
      extendedRequestId: 'L0SM9FxxvHcFqLQ=',
      requestTime: '04/Mar/2026:05:06:07 +0000',
      messageDirection: 'IN',
      stage: 'live',
      connectedAt: 1_772_600_767_000,
      requestTimeEpoch: 1_772_600_767_123,
      identity: { sourceIp: '203.0.113.7' },
      requestId: 'L0SM9FxxvHcFqLQ=',
      domainName: 'abcdef1234.execute-api.us-east-1.amazonaws.com',
      connectionId,
      apiId: 'abcdef1234',
      ...(type === 'DISCONNECT' && {
        disconnectStatusCode: 1001,
        disconnectReason: 'Going away',
      }),
    },
    ...(type === 'MESSAGE' && { body: text }),
    isBase64Encoded: false,
  };
}
