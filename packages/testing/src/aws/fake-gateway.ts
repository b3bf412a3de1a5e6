import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsFault } from './aws-fault.js';

/** A running fake of the management API of an API Gateway websocket API. */
export interface FakeGateway {
  /** The stage's address: `http://127.0.0.1:<port>/live`. */
  readonly endpoint: string;
  /** How many calls came, and how many of them carried a Signature Version 4. */
  readonly calls: { readonly all: number; readonly signed: number };
  /** Opens a connection; answers its id. */
  connect(): string;
  /** Ends it: from now on it is gone. */
  disconnect(connectionId: string): void;
  /** What a connection got, oldest first. */
  messagesOf(connectionId: string): readonly string[];
  /** Makes so many coming calls fail. */
  failNext(fault: {
    readonly type: string;
    readonly status: number;
    readonly times?: number;
  }): void;
  stop(): Promise<void>;
}

const STAGE = '/live';
/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const MAX_BYTES = 131_072;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

class Gateway {
  readonly calls = { all: 0, signed: 0 };
  readonly faults: AwsFault[] = [];
  readonly #messages = new Map<string, string[]>();
  readonly #gone = new Set<string>();

  connect(): string {
    const id = `${randomUUID().slice(0, 14)}=`;
    this.#messages.set(id, []);
    return id;
  }

  disconnect(id: string): void {
    this.#gone.add(id);
  }

  messagesOf(id: string): readonly string[] {
    return this.#messages.get(id) ?? [];
  }

  post(request: IncomingMessage, body: Buffer): void {
    this.calls.all += 1;
    if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) this.calls.signed += 1;
    const fault = this.faults.shift();
    if (fault) throw fault;
    const path = /^\/live\/(?:@|%40)connections\/([^/?]+)$/.exec(request.url ?? '');
    if (request.method !== 'POST' || !path) {
      throw new AwsFault('NotFoundException', `${request.method} ${request.url}`, 404);
    }
    const id = decodeURIComponent(path[1] ?? '');
    if (this.#gone.has(id)) throw new AwsFault('GoneException', 'Gone', 410);
    const messages = this.#messages.get(id);
    if (!messages) throw new AwsFault('BadRequestException', `Invalid connectionId: ${id}`, 400);
    if (body.length > MAX_BYTES) {
      throw new AwsFault('PayloadTooLargeException', 'Payload too large', 413);
    }
    messages.push(body.toString('utf8'));
  }
}

function answer(response: ServerResponse, error: unknown): void {
  if (error === null) {
    response.writeHead(200, { 'content-length': 0 }).end();
    return;
  }
  const fault = error instanceof AwsFault ? error : new AwsFault('InternalServerError', '', 500);
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': fault.type };
  response.writeHead(fault.status, headers).end(JSON.stringify({ message: fault.message }));
}

/** Starts `POST /@connections/<id>` of a websocket API on loopback, for the real SDK client. */
export async function startFakeGateway(): Promise<FakeGateway> {
  const gateway = new Gateway();
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      try {
        gateway.post(request, body);
        answer(response, null);
      } catch (error) {
        answer(response, error);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}${STAGE}`,
    calls: gateway.calls,
    connect: () => gateway.connect(),
    disconnect: (id) => {
      gateway.disconnect(id);
    },
    messagesOf: (id) => gateway.messagesOf(id),
    failNext: ({ type, status, times = 1 }) => {
      for (let time = 0; time < times; time += 1) {
        gateway.faults.push(new AwsFault(type, type, status));
      }
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
