import type { CancellationSignal } from './cancellation.js';

/** A request over HTTP. */
export interface HttpRequest {
  readonly method: string;
  /** Absolute `http:` or `https:` URL. Checked against the egress policy, also after DNS and on each redirect. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Time for the whole exchange, body included, in milliseconds. */
  readonly timeoutMs: number;
  /** Refuses larger answers; 10 MiB by default. */
  readonly maxResponseBytes?: number;
  /** Redirects to follow; 0 (the default) answers the redirect itself. `authorization` is dropped on another origin. */
  readonly maxRedirects?: number;
  readonly signal?: CancellationSignal;
}

/** An answer over HTTP, read whole. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** The body as UTF-8. */
  text(): string;
  /** The body as JSON. @throws TenonError `HTTP_INVALID_JSON`. */
  json(): unknown;
}

/** Outgoing HTTP. Answers every status; throws only when there is no answer. */
export interface HttpClient {
  /**
   * @throws TenonError `HTTP_TIMEOUT`, `HTTP_CONNECTION_FAILED` (both retryable), `HTTP_RESPONSE_TOO_LARGE`,
   * `EGRESS_REFUSED`, or the signal's reason. Messages name origin and path, never the query or headers.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle sockets. Idempotent. */
  close(): Promise<void>;
}
