import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An error as the runtime reports it. */
export interface LambdaErrorReport {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How an invocation ended. */
export type LambdaOutcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: LambdaErrorReport };

interface QueuedInvocation {
  readonly id: string;
  readonly payload: string;
  readonly settle: (outcome: LambdaOutcome) => void;
  timer?: NodeJS.Timeout;
}

/** What the API tells the process manager. */
export interface RuntimeApiEvents {
  /** The runtime asked for its first event. */
  onReady(): void;
  onInitError(error: LambdaErrorReport): void;
  /** An invocation was not answered in time. */
  onTimeout(): void;
}

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:function';
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A streamed HTTP answer begins with its status and headers as JSON and eight zero bytes. */
function parseResult(bytes: Buffer, contentType: string | undefined): unknown {
  if (contentType === PRELUDE_TYPE) {
    const end = bytes.indexOf(Buffer.alloc(8));
    const prelude = JSON.parse(bytes.subarray(0, end).toString('utf8')) as object;
    return { ...prelude, body: bytes.subarray(end + 8).toString('utf8') };
  }
  return bytes.length === 0 ? null : (JSON.parse(bytes.toString('utf8')) as unknown);
}

/** The Lambda Runtime API on loopback, for one function. */
export class RuntimeApi {
  readonly #timeoutMs: number;
  readonly #events: RuntimeApiEvents;
  readonly #server: Server;
  readonly #queue: QueuedInvocation[] = [];
  readonly #inFlight = new Map<string, QueuedInvocation>();
  #waiting: ServerResponse[] = [];

  constructor(timeoutMs: number, events: RuntimeApiEvents) {
    this.#timeoutMs = timeoutMs;
    this.#events = events;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.keepAliveTimeout = 0;
  }

  /** Answers `host:port` for `AWS_LAMBDA_RUNTIME_API`. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  invoke(event: unknown): Promise<LambdaOutcome> {
    return new Promise((settle) => {
      this.#queue.push({ id: randomUUID(), payload: JSON.stringify(event), settle });
      this.#deliver();
    });
  }

  /** The process is gone: nothing that it was given will be answered, and it waits for nothing. */
  abandon(error: LambdaErrorReport): void {
    this.#waiting = [];
    const lost = [...this.#inFlight.values()];
    this.#inFlight.clear();
    for (const invocation of lost) this.#settle(invocation, { ok: false, error });
  }

  /** Fails what was never handed out. */
  rejectQueue(error: LambdaErrorReport): void {
    for (const invocation of this.#queue.splice(0)) this.#settle(invocation, { ok: false, error });
  }

  async close(): Promise<void> {
    this.rejectQueue({ errorType: 'Harness.Stopped', errorMessage: 'the runtime was stopped' });
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  #settle(invocation: QueuedInvocation, outcome: LambdaOutcome): void {
    clearTimeout(invocation.timer);
    invocation.settle(outcome);
  }

  #deliver(): void {
    while (this.#queue.length > 0 && this.#waiting.length > 0) {
      const invocation = this.#queue.shift();
      const response = this.#waiting.shift();
      if (invocation !== undefined && response !== undefined) this.#handOut(invocation, response);
    }
  }

  #handOut(invocation: QueuedInvocation, response: ServerResponse): void {
    this.#inFlight.set(invocation.id, invocation);
    invocation.timer = setTimeout(() => this.#expire(invocation), this.#timeoutMs);
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': invocation.id,
        'lambda-runtime-deadline-ms': String(Date.now() + this.#timeoutMs),
        'lambda-runtime-invoked-function-arn': FUNCTION_ARN,
        'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
      })
      .end(invocation.payload);
  }

  #expire(invocation: QueuedInvocation): void {
    this.#inFlight.delete(invocation.id);
    const errorMessage = `Task timed out after ${(this.#timeoutMs / 1000).toFixed(2)} seconds`;
    this.#settle(invocation, { ok: false, error: { errorType: 'Sandbox.Timedout', errorMessage } });
    this.#events.onTimeout();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readBytes(request).catch(() => Buffer.alloc(0));
    const path = (request.url ?? '').split('/').slice(3);
    if (path[0] === 'init') {
      this.#events.onInitError(JSON.parse(bytes.toString('utf8')) as LambdaErrorReport);
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    } else if (path[1] === 'next') {
      this.#waiting.push(response);
      this.#events.onReady();
      this.#deliver();
    } else {
      this.#complete({ id: path[1] ?? '', kind: path[2] ?? '' }, bytes, { request, response });
    }
  }

  #complete(
    target: { readonly id: string; readonly kind: string },
    bytes: Buffer,
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  ): void {
    const invocation = this.#inFlight.get(target.id);
    if (invocation === undefined) {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    this.#inFlight.delete(target.id);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    this.#settle(
      invocation,
      target.kind === 'response'
        ? { ok: true, result: parseResult(bytes, request.headers['content-type']) }
        : { ok: false, error: JSON.parse(bytes.toString('utf8')) as LambdaErrorReport },
    );
  }
}
