import type { ApiBodyOptions, ApiCallOptions, ApiClient } from '../connector/api-client.js';
import type { ApiResponse } from '../connector/api-client.js';
import type { CallName } from '../connector/provider.errors.js';
import { apiUrl } from './api-url.js';
import type { ApiBase } from './api-url.js';
import { readResponse } from './api-response.js';
import { planCall } from './call-plan.js';
import { linkSignals } from '../platform/link-signals.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import { AuthorizedCall } from './authorized-call.js';
import type { CallParts } from './authorized-call.js';

const NO_OPTIONS = {};

/** The client that a connector's `api` is built on. */
export class AuthorizedClient implements ApiClient {
  #base: ApiBase | null = null;

  constructor(
    private readonly parts: CallParts & {
      /** Computed at the first call: making a client cannot fail. */
      readonly base: () => ApiBase;
      readonly signal: CancellationSignal | undefined;
    },
  ) {}

  async get<Output>(path: string, options?: ApiCallOptions<Output>): Promise<Output> {
    return (await this.request('GET', path, options)).data;
  }

  async post<Output>(path: string, options?: ApiBodyOptions<Output>): Promise<Output> {
    return (await this.request('POST', path, options)).data;
  }

  async put<Output>(path: string, options?: ApiBodyOptions<Output>): Promise<Output> {
    return (await this.request('PUT', path, options)).data;
  }

  async patch<Output>(path: string, options?: ApiBodyOptions<Output>): Promise<Output> {
    return (await this.request('PATCH', path, options)).data;
  }

  async delete<Output>(path: string, options?: ApiBodyOptions<Output>): Promise<Output> {
    return (await this.request('DELETE', path, options)).data;
  }

  async request<Output>(
    method: string,
    path: string,
    options: ApiBodyOptions<Output> = NO_OPTIONS,
  ): Promise<ApiResponse<Output>> {
    const { connector } = this.parts;
    this.#base ??= this.parts.base();
    const verb = method.toUpperCase();
    const target = apiUrl(connector, this.#base, { path, query: options.query });
    const signal = linkSignals(this.parts.signal, options.signal);
    signal?.throwIfAborted();
    const plan = planCall(verb, target, options);
    const call = new AuthorizedCall(this.parts, plan, {
      signal,
      timeoutMs: options.timeoutMs,
      acceptStatus: options.acceptStatus,
    });
    const response = await call.send();
    const name: CallName = { connector, method: verb, path: target.path };
    return readResponse(response, name, options);
  }
}
