import type { JsonValue } from '../platform/json.js';

/** A call of a dry run, as its rules see it. */
export interface DryRunCall {
  /** In upper case. */
  readonly method: string;
  /** The whole path, without query. */
  readonly path: string;
  /** With `?`; empty when there is none. */
  readonly query: string;
  /** Parsed JSON, the text of other bodies, or null. */
  readonly body: unknown;
}

/** How an API's calls are taken in a dry run, where only reads are sent. */
export interface DryRunRules {
  /** True for calls that change nothing though their method says otherwise: a search by `POST`. `GET`, `HEAD` and `OPTIONS` always are. */
  readonly isRead?: (call: DryRunCall) => boolean;
  /** The answer to a write, which is not sent. Without one: 200 with the JSON that was sent, and an `id` when it has none. */
  readonly answer?: (
    call: DryRunCall,
  ) => { readonly status?: number; readonly body?: JsonValue } | undefined;
}
