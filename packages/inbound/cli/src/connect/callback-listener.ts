import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portError } from '../port/port-error.js';

/** Tried first, so that one address can be registered at providers. */
const PREFERRED_PORT = 3010;
/** Nobody else's: an authorization is not for other machines. */
const HOST = '127.0.0.1';
const PATH = '/api/connections/callback';

/** What a provider sent the browser back with. */
export interface Callback {
  readonly parameters: { readonly code?: string; readonly error?: string };
  /** Tells the person in the browser how it went. */
  answer(connected: boolean): void;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(portError({ port, host: HOST }, error));
    };
    server.once('error', fail);
    server.listen(port, HOST, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(`<!doctype html><title>Tenon</title><p>${text}</p>\n`);
}

/** Receives the browser after an authorization, at a loopback address. */
export class CallbackListener {
  /** Without a path: the public URL of the app for as long as this listens. */
  readonly origin: string;
  readonly #server: Server;
  #expected: { readonly state: string; take(callback: Callback): void; stray(): void } | null =
    null;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#receive(request, response);
    });
  }

  /** Without a port, a usual one, or a free one when that is taken. @throws TenonError `PORT_UNAVAILABLE`. */
  static async open(port: number | null): Promise<CallbackListener> {
    const server = createServer();
    try {
      await listen(server, port ?? PREFERRED_PORT);
    } catch (error) {
      if (port !== null) throw error;
      await listen(server, 0);
    }
    return new CallbackListener(server);
  }

  /** Waits for the callback with this state. Of others, which may come from anywhere, `stray` hears. */
  wait(state: string, stray: () => void): Promise<Callback> {
    return new Promise((resolve) => {
      this.#expected = { state, take: resolve, stray };
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeIdleConnections();
      // A browser that still reads the page keeps its connection for this long.
      setTimeout(() => {
        this.#server.closeAllConnections();
      }, 1_000).unref();
    });
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.origin);
    if (request.method !== 'GET' || url.pathname !== PATH) {
      page(response, 404, 'There is nothing here.');
      return;
    }
    const expected = this.#expected;
    if (expected?.state !== url.searchParams.get('state')) {
      page(response, 400, 'This is not the authorization that the terminal waits for.');
      expected?.stray();
      return;
    }
    this.#expected = null;
    const code = url.searchParams.get('code');
    const error = url.searchParams.get('error');
    expected.take({
      parameters: { ...(code !== null && { code }), ...(error !== null && { error }) },
      answer: (connected) => {
        const text = connected
          ? 'Connected. You may close this window.'
          : 'It was not connected; the terminal says why. You may close this window.';
        page(response, connected ? 200 : 400, text);
      },
    });
  }
}
