import { ServerResponse, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';

/** What a finished response holds. */
export interface CollectedResponse {
  readonly statusCode: number;
  readonly headers: OutgoingHttpHeaders;
  readonly chunks: readonly (string | Buffer)[];
}

type HeaderArgument =
  OutgoingHttpHeaders | readonly (string | number | readonly string[])[] | undefined;

/**
 * The parts of `ServerResponse` that are not in its types. `node:http` renders headers and writes to the socket through
 * them; they have kept their names and meaning since Node.js 10.
 */
interface ResponseInternals {
  _header: string | null;
  _headerSent: boolean;
  _hasBody: boolean;
  _writeRaw(
    data: string | Uint8Array,
    encoding?: BufferEncoding | null | ((error?: Error | null) => void),
    callback?: (error?: Error | null) => void,
  ): boolean;
  writeHead(
    status: number,
    reason?: string | HeaderArgument,
    headers?: HeaderArgument,
  ): ServerResponse;
}

function setHeaders(response: ServerResponse, headers: HeaderArgument): void {
  if (headers === undefined) return;
  if (!Array.isArray(headers)) {
    const named = headers as OutgoingHttpHeaders;
    for (const name of Object.keys(named)) {
      const value = named[name];
      if (value !== undefined) response.setHeader(name, value);
    }
    return;
  }
  const flat = (headers as readonly unknown[]).flat() as string[];
  const names = new Set(flat.filter((_, index) => index % 2 === 0));
  for (const name of names) response.removeHeader(name);
  for (let index = 0; index + 1 < flat.length; index += 2) {
    response.appendHeader(flat[index] ?? '', flat[index + 1] ?? '');
  }
}

function assertWritableHead(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    throw Object.assign(new Error('Cannot write headers after they are sent to the client'), {
      code: 'ERR_HTTP_HEADERS_SENT',
    });
  }
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw Object.assign(new RangeError(`Invalid status code: ${String(status)}`), {
      code: 'ERR_HTTP_INVALID_STATUS_CODE',
    });
  }
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304 || status < 200;
}

function emitClose(response: ServerResponse): void {
  response.destroyed = true;
  response.emit('close');
}

/** As for requests: what Express adds gets its place before Express replaces the prototype. */
function reserveProperties(response: ServerResponse): void {
  const reserved = response as unknown as Record<string, unknown>;
  reserved['statusCode'] = 200;
  reserved['statusMessage'] = undefined;
  reserved['locals'] = undefined;
}

/** How a response ends. */
export interface ResponseSink {
  finished(response: CollectedResponse): void;
  /** The response was destroyed before its end. */
  aborted(error: Error | undefined): void;
}

/**
 * A response that keeps what is written to it. Headers stay data, they are never rendered as text and read back.
 *
 * Express replaces the prototype of responses, so what differs from `ServerResponse` sits on the object itself.
 */
export function createResponse(request: IncomingMessage, sink: ResponseSink): ServerResponse {
  const response = new ServerResponse(request);
  const internals = response as unknown as ResponseInternals;
  const chunks: (string | Buffer)[] = [];
  reserveProperties(response);
  internals.writeHead = (status, reason, headers) => {
    assertWritableHead(response, status);
    response.statusCode = status;
    setHeaders(response, typeof reason === 'string' ? headers : (reason ?? headers));
    if (hasNoBody(status)) internals._hasBody = false;
    // From here on Node takes the head as sent: later header changes throw, and bodies go to `_writeRaw` alone.
    internals._header = 'sent';
    internals._headerSent = true;
    return response;
  };
  internals._writeRaw = (data, encoding, callback) => {
    const done = typeof encoding === 'function' ? encoding : callback;
    // Before the head come only informational answers, which an event cannot carry.
    if (data.length > 0 && internals._header !== null) {
      chunks.push(toChunk(data, typeof encoding === 'string' ? encoding : 'utf8'));
    }
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  response.destroy = (error?: Error) => {
    if (response.destroyed) return response;
    response.destroyed = true;
    if (!response.writableFinished) sink.aborted(error);
    process.nextTick(emitClose, response);
    return response;
  };
  response.once('finish', () => {
    const headers = response.getHeaders();
    // The body is complete; a gateway that is told otherwise answers 502.
    if (headers['transfer-encoding'] !== undefined) delete headers['transfer-encoding'];
    sink.finished({ statusCode: response.statusCode, headers, chunks });
    process.nextTick(emitClose, response);
  });
  return response;
}

function toChunk(data: string | Uint8Array, encoding: BufferEncoding): string | Buffer {
  if (typeof data !== 'string') {
    return Buffer.isBuffer(data)
      ? data
      : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  }
  return encoding === 'utf8' || encoding === 'utf-8' ? data : Buffer.from(data, encoding);
}
