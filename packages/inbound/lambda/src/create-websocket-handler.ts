import type { AppContext, Commands, WebsocketConnectionId } from '@tenon/core';
import { MisconfiguredError, rejectUnknownKeys } from '@tenon/core/kernel';
import { createHandler, type HandlerOptions, type LambdaHandler } from './create-handler.js';
import type { HttpResult, NamedValues } from './http-event.js';
import type { Invocation } from './invocation.js';
import { jsonLinesLogger } from './json-lines.logger.js';
import { isWebsocketEvent, type WebsocketEvent, type WebsocketResult } from './websocket-event.js';

/** The commands that are used. */
export type WebsocketGatewayCommands = Pick<
  Commands['websockets'],
  'connect' | 'receive' | 'disconnect'
>;

/** Options of {@link createWebsocketHandler}. */
export interface WebsocketHandlerOptions extends Omit<
  HandlerOptions<WebsocketEvent, WebsocketResult>,
  'name' | 'method' | 'userFacing'
> {
  /** Names the function in log lines. Default: `websocket`. */
  readonly name?: string;
  readonly websockets: () => Promise<WebsocketGatewayCommands> | WebsocketGatewayCommands;
  /**
   * Address of the stage, where messages for its connections are taken. Default: `WEBSOCKET_ENDPOINT`, else what the event says, which is
   * wrong behind a domain of your own.
   */
  readonly endpoint?: string;
}

const PROTOCOL = 'tenon';
const TICKET = 'ticket.';
/** API Gateway ends connections after two hours; a minute more, so that no row goes before its connection. */
const TTL_MS = 7_260_000;

/** Gateways spell names of headers as clients do. */
function header(headers: NamedValues | null | undefined, name: string): string | undefined {
  const found = Object.keys(headers ?? {}).find((each) => each.toLowerCase() === name);
  return found === undefined ? undefined : headers?.[found];
}

const protocolsOf = ({ headers }: WebsocketEvent): string[] =>
  (header(headers, 'sec-websocket-protocol') ?? '').split(',').map((each) => each.trim());

function credentialsOf(event: WebsocketEvent): { ticket?: string; bearer?: string } {
  const protocol = protocolsOf(event).find((each) => each.startsWith(TICKET));
  const ticket = protocol?.slice(TICKET.length) ?? event.queryStringParameters?.['ticket'];
  if (ticket !== undefined) return { ticket };
  const authorization = header(event.headers, 'authorization') ?? '';
  const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return bearer === undefined ? {} : { bearer };
}

function endpointOf(options: WebsocketHandlerOptions, event: WebsocketEvent): string {
  const configured = options.endpoint ?? process.env['WEBSOCKET_ENDPOINT'];
  if (configured !== undefined && configured !== '') return configured;
  const { domainName, stage } = event.requestContext;
  if (domainName !== undefined && stage !== undefined) return `https://${domainName}/${stage}`;
  throw new MisconfiguredError(
    'createWebsocketHandler: WEBSOCKET_ENDPOINT is not set, and the event does not say where it comes from',
  );
}

type Settings = WebsocketHandlerOptions & Required<Pick<WebsocketHandlerOptions, 'logger'>>;

interface Call {
  readonly options: Settings;
  readonly event: WebsocketEvent;
  readonly context: AppContext;
}

async function connect({ options, event, context }: Call): Promise<WebsocketResult> {
  const websockets = await options.websockets();
  await websockets.connect(context, {
    connectionId: event.requestContext.connectionId as WebsocketConnectionId,
    endpoint: endpointOf(options, event),
    origin: header(event.headers, 'origin') ?? null,
    ttlMs: TTL_MS,
    ...credentialsOf(event),
  });
  if (!protocolsOf(event).includes(PROTOCOL)) return { statusCode: 200 };
  return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': PROTOCOL } };
}

async function receive({ options, event, context }: Call): Promise<WebsocketResult> {
  const websockets = await options.websockets();
  const connectionId = event.requestContext.connectionId as WebsocketConnectionId;
  const body = event.body ?? '';
  const text = event.isBase64Encoded === true ? Buffer.from(body, 'base64').toString() : body;
  const { reply } = await websockets.receive(context, { connectionId, text });
  return { statusCode: 200, body: reply };
}

async function answer(
  options: Settings,
  event: WebsocketEvent,
  { requestId, signal }: Invocation,
): Promise<WebsocketResult> {
  if (!isWebsocketEvent(event)) {
    throw new MisconfiguredError(
      'createWebsocketHandler: the event comes from no websocket API; connect this function to its routes $connect, $disconnect and $default',
    );
  }
  const logger = options.logger.child({ requestId });
  const call = { options, event, context: { requestId, actor: 'system', logger, signal } as const };
  switch (event.requestContext.eventType) {
    case 'CONNECT':
      return connect(call);
    case 'MESSAGE':
      return receive(call);
    case 'DISCONNECT': {
      const connectionId = event.requestContext.connectionId as WebsocketConnectionId;
      await (await options.websockets()).disconnect(call.context, { connectionId });
      return { statusCode: 200 };
    }
  }
}

/**
 * A Lambda handler for the routes `$connect`, `$disconnect` and `$default` of an API Gateway websocket API. Connections that are refused
 * get the status of the reason; messages are answered through the response of the route.
 *
 * @example
 * export const handler = createWebsocketHandler({ websockets: async () => (await load()).commands.websockets });
 *
 * @throws MisconfiguredError for an unknown or a missing option.
 */
export function createWebsocketHandler(
  options: WebsocketHandlerOptions,
): LambdaHandler<WebsocketEvent, WebsocketResult | HttpResult> {
  rejectUnknownKeys('createWebsocketHandler', options, [
    ...['name', 'websockets', 'endpoint'],
    ...['useDatabase', 'secrets', 'logger', 'safetyMarginMs'],
  ]);
  if (typeof options.websockets !== 'function') {
    throw new MisconfiguredError(
      "createWebsocketHandler: option 'websockets' must be a function that answers the app's commands.websockets",
    );
  }
  const { websockets: _websockets, endpoint: _endpoint, name = 'websocket', ...rest } = options;
  const logger = options.logger ?? jsonLinesLogger({ handler: name });
  const settings = { ...options, logger };
  return createHandler<WebsocketEvent, WebsocketResult>({
    ...rest,
    name,
    logger,
    userFacing: true,
    method: (event, invocation) => answer(settings, event, invocation),
  });
}
