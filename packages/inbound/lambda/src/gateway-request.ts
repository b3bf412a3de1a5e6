import { IncomingMessage } from 'node:http';
import type {
  AlbEvent,
  ApiGatewayV1Event,
  ApiGatewayV2Event,
  HttpEvent,
  PayloadFormat,
} from './http-event.js';
import { asSocket, GatewaySocket } from './gateway-socket.js';
import { readHeaders, type RequestHeaders } from './request-headers.js';
import type { RequestShape } from './request-shape.js';
import { queryFromMaps, requestPath } from './request-url.js';

const NO_BODY = Buffer.alloc(0);

interface RequestLine {
  readonly method: string;
  readonly url: string;
  readonly remoteAddress: string | undefined;
  readonly encrypted: boolean;
}

function fromV2(event: ApiGatewayV2Event, basePath: string): RequestLine {
  const query = event.rawQueryString;
  const path = requestPath(event.rawPath, basePath);
  return {
    method: event.requestContext.http.method,
    url: query ? `${path}?${query}` : path,
    remoteAddress: event.requestContext.http.sourceIp,
    encrypted: true,
  };
}

function fromV1(event: ApiGatewayV1Event, basePath: string): RequestLine {
  return {
    method: event.httpMethod,
    url: requestPath(event.path, basePath) + queryFromMaps(event, true),
    remoteAddress: event.requestContext.identity?.sourceIp ?? undefined,
    encrypted: true,
  };
}

/** A load balancer appends the address of its peer to `x-forwarded-for`. */
function fromAlb(
  event: AlbEvent,
  basePath: string,
  headers: RequestHeaders['headers'],
): RequestLine {
  const forwarded = headers['x-forwarded-for'];
  return {
    method: event.httpMethod,
    url: requestPath(event.path, basePath) + queryFromMaps(event, false),
    remoteAddress: typeof forwarded === 'string' ? forwarded.split(',').at(-1)?.trim() : undefined,
    encrypted: headers['x-forwarded-proto'] !== 'http',
  };
}

function requestLine(
  event: HttpEvent,
  settings: RequestSettings,
  headers: RequestHeaders['headers'],
): RequestLine {
  const { format, basePath } = settings;
  if (format === 'api-gateway-v2') return fromV2(event as ApiGatewayV2Event, basePath);
  if (format === 'api-gateway-v1') return fromV1(event as ApiGatewayV1Event, basePath);
  return fromAlb(event as AlbEvent, basePath, headers);
}

/** What else a request needs to know. */
export interface RequestSettings {
  readonly format: PayloadFormat;
  /** Normalised. */
  readonly basePath: string;
  /** Used as `x-request-id` where neither the caller nor the gateway names one. */
  readonly requestId: string;
  readonly shape: RequestShape;
  readonly onSocketDestroyed: (error: Error | undefined) => void;
}

function addRequestId(target: RequestHeaders, event: HttpEvent, fallback: string): void {
  if (target.headers['x-request-id'] !== undefined) return;
  const context: { readonly requestId?: string } = event.requestContext as { requestId?: string };
  const id = context.requestId ?? fallback;
  target.headers['x-request-id'] = id;
  target.rawHeaders.push('x-request-id', id);
}

/** The event's `content-length` may count the Base64 text or a body that a mapping has changed. */
function setContentLength(target: RequestHeaders, length: number): void {
  if (length === 0 && target.headers['content-length'] === undefined) return;
  target.headers['content-length'] = String(length);
}

/**
 * A request made of an event, with no connection behind it. The body is handed over when somebody reads.
 *
 * Express replaces the prototype of requests, so what differs from `IncomingMessage` sits on the object itself.
 */
export function createRequest(event: HttpEvent, settings: RequestSettings): IncomingMessage {
  const target = readHeaders(event);
  const body = event.body
    ? Buffer.from(event.body, event.isBase64Encoded === true ? 'base64' : 'utf8')
    : NO_BODY;
  addRequestId(target, event, settings.requestId);
  setContentLength(target, body.length);
  const line = requestLine(event, settings, target.headers);
  const request = new IncomingMessage(
    asSocket(new GatewaySocket(line, settings.onSocketDestroyed)),
  );
  request.method = line.method;
  request.url = line.url;
  request.httpVersion = '1.1';
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  request.headers = target.headers;
  request.rawHeaders = target.rawHeaders;
  request.complete = true;
  request._read = () => {
    if (body.length > 0) request.push(body);
    request.push(null);
  };
  request._destroy = (error, done) => {
    done(error);
  };
  settings.shape.reserve(request);
  return request;
}
