import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** One request that reached the server. */
export interface RecordedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer. */
export interface ScriptedAnswer {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text and bytes go as they are; anything else as JSON. */
  readonly body?: unknown;
  /** Waits before the headers, in milliseconds. */
  readonly delayMs?: number;
  /** Waits between headers and body, in milliseconds. */
  readonly bodyDelayMs?: number;
  /** Ends the connection: before any answer, or after the headers and half of the body. */
  readonly drop?: 'before-answer' | 'mid-answer';
}

/** Decides about each request. */
export type ScriptedHandler = (
  request: RecordedRequest,
) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** A loopback server that answers as it is told and remembers what it was asked. */
export interface ScriptedServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** How many sockets were ever opened. */
  readonly connections: number;
  /** Adds answers for the coming requests; each is used once, in order, before the handler is asked. */
  enqueue(...answers: readonly ScriptedAnswer[]): void;
  /** Forgets the requests and unused answers. */
  reset(): void;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a scripted HTTP server on a free loopback port. Requests without a planned answer go to `handler`, or get 501.
 *
 * @example
 * const crm = await startScriptedServer();
 * crm.enqueue({ status: 503 }, { body: { ok: true } });
 */
export async function startScriptedServer(handler?: ScriptedHandler): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const planned: ScriptedAnswer[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const recorded = await record(request);
    requests.push(recorded);
    const answer = planned.shift() ?? (await handler?.(recorded)) ?? unplanned(recorded);
    await send(response, answer);
  };
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    enqueue: (...answers) => void planned.push(...answers),
    reset() {
      requests.length = 0;
      planned.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function unplanned({ method, path }: RecordedRequest): ScriptedAnswer {
  return { status: 501, body: { error: `No answer was planned for ${method} ${path}` } };
}

async function send(response: ServerResponse, answer: ScriptedAnswer): Promise<void> {
  if (answer.delayMs !== undefined) await wait(answer.delayMs);
  if (answer.drop === 'before-answer') {
    response.destroy();
    return;
  }
  const { bytes, type } = encode(answer.body);
  response.writeHead(answer.status ?? 200, {
    ...(type !== null && { 'content-type': type }),
    'content-length': String(bytes.length),
    ...(answer.headers as Record<string, string | string[]> | undefined),
  });
  if (answer.drop === 'mid-answer') {
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    return;
  }
  if (answer.bodyDelayMs !== undefined) {
    response.flushHeaders();
    await wait(answer.bodyDelayMs);
  }
  response.end(bytes);
}

function encode(body: unknown): { readonly bytes: Buffer; readonly type: string | null } {
  if (body === undefined) return { bytes: Buffer.alloc(0), type: null };
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: 'text/plain' };
  if (body instanceof Uint8Array) {
    return { bytes: Buffer.from(body), type: 'application/octet-stream' };
  }
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' };
}
