import type { CancellationSignal } from '../platform/cancellation.js';
import type { JsonValue } from '../platform/json.js';
import type { StandardSchemaV1 } from '../platform/standard-schema.js';

/** Values of a query string; `undefined` is left out, arrays repeat the name. */
export type Query = Readonly<
  Record<string, string | number | boolean | undefined | readonly (string | number)[]>
>;

/** Options of one call. */
export interface ApiCallOptions<Output = unknown> {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Checks the answer's JSON and gives it its type. Without it the answer is `unknown`. */
  readonly schema?: StandardSchemaV1<unknown, Output>;
  /** Time for one attempt, in milliseconds; the connector's limit by default. */
  readonly timeoutMs?: number;
  /**
   * Sent as `Idempotency-Key`. With it, `POST` and `PATCH` are repeated after an unclear outcome like the idempotent methods are;
   * without it only after answers that prove that nothing was done (401 after a refresh, 429, 503 with `Retry-After`).
   */
  readonly idempotencyKey?: string;
  /** Statuses to answer instead of throwing, besides 2xx. Their answers are not checked by `schema`; look at `request().status`. */
  readonly acceptStatus?: readonly number[];
  readonly signal?: CancellationSignal;
}

/** Options of a call with a body. */
export interface ApiBodyOptions<Output = unknown> extends ApiCallOptions<Output> {
  readonly json?: JsonValue | object;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
}

/** The whole answer of a call. */
export interface ApiResponse<Output = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, checked by `schema`; null for an empty body, the text for other content types. */
  readonly data: Output;
  text(): string;
}

/**
 * The authorised HTTP client that a connector's `api` is built on. Paths are relative to the connector's base URL; an absolute
 * URL (a `next` link) must have the same origin. Redirects are not followed: the credential goes where the call says.
 * It reads the credential at use, refreshes it once across processes, honours `Retry-After` and the connector's limits.
 *
 * A 401 refreshes the credential and repeats the call once. A 401 to a token that is fresh stands as `PROVIDER_REJECTED`, because
 * it says more about the call than about the connection; only a refused refresh, or two 401s to a credential that cannot be
 * refreshed, ask for re-authorisation.
 *
 * Throws TenonError: `API_PATH_REFUSED` (leaves the base URL), `PROVIDER_REJECTED` (4xx; `details.status`), `PROVIDER_RATE_LIMITED`, `PROVIDER_UNAVAILABLE` (5xx, no
 * connection), `PROVIDER_TIMEOUT`, `PROVIDER_INVALID_RESPONSE`, `CONNECTION_NEEDS_REAUTHORIZATION`, `CONNECTION_DISABLED`.
 */
export interface ApiClient {
  get<Output = unknown>(path: string, options?: ApiCallOptions<Output>): Promise<Output>;
  post<Output = unknown>(path: string, options?: ApiBodyOptions<Output>): Promise<Output>;
  put<Output = unknown>(path: string, options?: ApiBodyOptions<Output>): Promise<Output>;
  patch<Output = unknown>(path: string, options?: ApiBodyOptions<Output>): Promise<Output>;
  delete<Output = unknown>(path: string, options?: ApiBodyOptions<Output>): Promise<Output>;
  /** Any method; answers status and headers too. */
  request<Output = unknown>(
    method: string,
    path: string,
    options?: ApiBodyOptions<Output>,
  ): Promise<ApiResponse<Output>>;
}
