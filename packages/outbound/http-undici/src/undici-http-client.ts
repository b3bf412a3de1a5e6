import type { HttpClient, HttpRequest, HttpResponse } from '@tenon/core';
import type { Dispatcher } from 'undici';
import type { EgressPolicy } from './egress-policy.js';
import { Exchange } from './exchange.js';
import { invalidRequest, timedOut } from './http.errors.js';
import { nextStep, type Step } from './redirect.js';
import { toHeaderList } from './request-headers.js';

const DEFAULT_MAX_RESPONSE_BYTES = 10 * 1024 * 1024;
const METHOD = /^[A-Z]{1,20}$/;

/** What the caller allows the whole exchange, and what is left of it. */
interface Limits {
  readonly request: HttpRequest;
  readonly leftMs: number;
}

/** HTTP over a pool of kept-alive connections, under an egress policy. */
export class UndiciHttpClient implements HttpClient {
  #dispatcher: Dispatcher | undefined;
  #opening: Promise<Dispatcher> | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    /** Called by the first request that passes the policy, and again when it failed. */
    private readonly open: () => Promise<Dispatcher>,
    private readonly policy: EgressPolicy,
  ) {}

  async send(request: HttpRequest): Promise<HttpResponse> {
    request.signal?.throwIfAborted();
    const endsAt = performance.now() + request.timeoutMs;
    let step: Step = { url: toUrl(request.url), request };
    for (let redirects = 0; ; redirects += 1) {
      this.policy.checkUrl(step.url);
      const dispatcher = this.#dispatcher ?? (await this.#openFor(request));
      const leftMs = endsAt - performance.now();
      const response = await this.#exchange(dispatcher, step, { request, leftMs });
      if (redirects >= (request.maxRedirects ?? 0)) return response;
      const next = nextStep(step, response);
      if (next === null) return response;
      step = next;
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #openFor({ signal }: HttpRequest): Promise<Dispatcher> {
    const dispatcher = await this.#open();
    signal?.throwIfAborted();
    return dispatcher;
  }

  async #open(): Promise<Dispatcher> {
    this.#opening ??= this.open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return (this.#dispatcher = await this.#opening);
  }

  /** One that was never used is opened nevertheless, so that requests fail after the end whether or not there were any before. */
  async #close(): Promise<void> {
    await (await this.#open()).close();
  }

  #exchange(
    dispatcher: Dispatcher,
    { url, request }: Step,
    { request: limits, leftMs }: Limits,
  ): Promise<HttpResponse> {
    const target = { method: request.method, url };
    const options = toDispatchOptions(url, request);
    return new Promise((resolve, reject) => {
      const { signal } = limits;
      const free = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const exchange = new Exchange(target, limits.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES, {
        resolve(response) {
          free();
          resolve(response);
        },
        reject(error) {
          free();

          reject(error);
        },
      });
      const onAbort = (): void => exchange.abort(signal?.reason);
      const timer = setTimeout(
        () => exchange.abort(timedOut(target, limits.timeoutMs, exchange.sent)),
        Math.max(0, leftMs),
      );
      signal?.addEventListener('abort', onAbort, { once: true });
      dispatcher.dispatch(options, exchange);
    });
  }
}

function toUrl(text: string): URL {
  if (!URL.canParse(text)) throw invalidRequest('url', 'an absolute http: or https: URL');
  return new URL(text);
}

function toDispatchOptions(url: URL, request: Step['request']): Dispatcher.DispatchOptions {
  if (!METHOD.test(request.method)) throw invalidRequest('method', 'upper-case letters');
  return {
    origin: url.origin,
    path: url.search === '' ? url.pathname : url.pathname + url.search,
    method: request.method,
    headers: toHeaderList(request.headers ?? {}),
    body: request.body ?? null,
    // The time-out is for the whole exchange; undici's own would only add timers.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}
