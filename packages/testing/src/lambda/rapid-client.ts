import type * as Http from 'node:http';

interface ClientAnswer {
  readonly headers: Http.IncomingHttpHeaders;
  readonly bodyJson: string;
}

/** What the runtime interface client asks of its native module. */
export interface RapidClient {
  initializeClient(): void;
  next(): Promise<ClientAnswer>;
  done(id: string, body: string): void;
  error(id: string, body: string, xray?: string): void;
}

/**
 * The native module of `aws-lambda-ric` in plain JavaScript, so that the real client runs where nothing was compiled.
 *
 * The function is written to a file by its own source text: it must not refer to anything outside itself.
 */
export function rapidClient(http: typeof Http): RapidClient {
  const [hostname, port] = (process.env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(':');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const base = '/2018-06-01/runtime/invocation/';
  let pending = 0;
  let tail: Promise<unknown> = Promise.resolve();

  const call = (path: string, body?: string, headers: Http.OutgoingHttpHeaders = {}) =>
    new Promise<ClientAnswer>((resolve, reject) => {
      const length =
        body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const request = http.request(
        {
          hostname,
          port,
          path: base + path,
          agent,
          method: body === undefined ? 'GET' : 'POST',
          headers: { ...length, ...headers },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => resolve({ headers: response.headers, bodyJson: text }));
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  const post = (path: string, body: string, headers?: Http.OutgoingHttpHeaders): void => {
    pending += 1;
    tail = tail
      .then(() => call(path, body, headers))
      .catch(() => undefined)
      .finally(() => (pending -= 1));
  };

  // The native module posts synchronously; whoever exits right after a post must not cut it off.
  const exit = process.exit.bind(process);
  process.exit = ((code?: number) =>
    pending === 0 ? exit(code) : void tail.then(() => exit(code))) as typeof process.exit;

  return {
    initializeClient: () => undefined,
    next: () => tail.then(() => call('next')),
    done: (id, body) => post(`${id}/response`, body),
    error: (id, body, xray) => {
      const { errorType } = JSON.parse(body) as { errorType?: string };
      post(`${id}/error`, body, {
        'lambda-runtime-function-error-type': errorType ?? 'Unhandled',
        ...(xray ? { 'lambda-runtime-function-xray-error-cause': xray } : {}),
      });
    },
  };
}
