import { TenonError } from '../platform/tenon.error.js';
import type { Clock } from '../platform/clock.port.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../platform/http-client.port.js';

/** How the token endpoint treats one request. `lost`: processed, but the answer never arrives and the caller dies with it. */
export interface TokenPlan {
  readonly latencyMs: number;
  readonly fault?: 'unavailable' | 'rate_limited' | 'dies-before' | 'dies-after';
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  const text = JSON.stringify(body);
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    bytes: new TextEncoder().encode(text),
    text: () => text,
    json: () => body,
  };
}

const never = new Promise<never>(() => undefined);

/**
 * A provider in memory: an API behind short-lived access tokens, and a token endpoint that rotates refresh tokens and revokes the
 * whole grant when one is sent twice, as RFC 9700 §4.14.2 asks.
 */
export class RotatingProvider {
  #serial = 0;
  #access: { token: string; expiresAtMs: number };
  #refresh: string;
  readonly #spent = new Set<string>();
  revoked = false;
  reuses = 0;
  tokenRequests = 0;
  granted = 0;

  constructor(
    private readonly clock: Clock,
    private readonly options: {
      readonly lifetimeMs: number;
      readonly plan: () => TokenPlan;
    },
  ) {
    this.#access = { token: 'access-0', expiresAtMs: clock.now().getTime() + options.lifetimeMs };
    this.#refresh = 'refresh-0';
  }

  get newest(): { readonly accessToken: string; readonly refreshToken: string } {
    return { accessToken: this.#access.token, refreshToken: this.#refresh };
  }

  /** What one process calls the provider with. */
  client(): HttpClient {
    return {
      send: (request) =>
        request.url.includes('/token') ? this.#token(request) : this.#api(request),
      close: () => Promise.resolve(),
    };
  }

  #api(request: HttpRequest): Promise<HttpResponse> {
    const valid =
      !this.revoked &&
      request.headers?.['authorization'] === `Bearer ${this.#access.token}` &&
      this.clock.now().getTime() < this.#access.expiresAtMs;
    return Promise.resolve(valid ? answer(200, { ok: true }) : answer(401, {}));
  }

  async #token(request: HttpRequest): Promise<HttpResponse> {
    this.tokenRequests += 1;
    const { latencyMs, fault } = this.options.plan();
    if (fault === 'dies-before') return never;
    if (latencyMs >= request.timeoutMs) {
      await this.clock.sleep(request.timeoutMs);
      throw new TenonError({ code: 'HTTP_TIMEOUT', category: 'timeout', message: 'no answer' });
    }
    await this.clock.sleep(latencyMs / 2);
    if (fault === 'unavailable') return answer(503, {});
    if (fault === 'rate_limited') return answer(429, {}, { 'retry-after': '2' });
    const response = this.#exchange(/refresh_token=([\w-]+)/.exec(String(request.body))?.[1] ?? '');
    if (fault === 'dies-after') return never;
    await this.clock.sleep(latencyMs / 2);
    return response;
  }

  #exchange(refreshToken: string): HttpResponse {
    if (this.#spent.has(refreshToken)) {
      this.reuses += 1;
      this.revoked = true;
    }
    if (this.revoked || refreshToken !== this.#refresh) {
      return answer(400, { error: 'invalid_grant' });
    }
    this.#spent.add(refreshToken);
    this.#serial += 1;
    this.granted += 1;
    this.#refresh = `refresh-${this.#serial}`;
    const { lifetimeMs } = this.options;
    const token = `access-${this.#serial}`;
    this.#access = { token, expiresAtMs: this.clock.now().getTime() + lifetimeMs };
    return answer(200, {
      access_token: token,
      refresh_token: this.#refresh,
      token_type: 'Bearer',
      expires_in: lifetimeMs / 1000,
    });
  }
}
