import type { JsonObject } from '../platform/json.js';

/** Standard Webhooks (https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
export interface StandardWebhooksScheme {
  readonly type: 'standard-webhooks';
  /** How old or how far ahead a delivery may be. Default: 5 minutes. */
  readonly toleranceMs?: number;
}

/** A keyed hash of the raw body in one header, as many providers do. */
export interface HmacScheme {
  readonly type: 'hmac';
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  /** Header that carries the signature, lower case. */
  readonly signatureHeader: string;
  /** Text before the signature, for example `sha256=`. */
  readonly signaturePrefix?: string;
  readonly encoding: 'hex' | 'base64';
  /** Header with a Unix time in seconds; signed as `<time>.<body>` when present. */
  readonly timestampHeader?: string;
  readonly toleranceMs?: number;
  /**
   * Header with the delivery's id. Without one, the hash of the body identifies the delivery. The id is not signed: where a
   * provider signs no time either, a delivery that was captured can be sent again under another id, so leave this out if
   * bodies are unique.
   */
  readonly idHeader?: string;
}

/** How a provider proves that a webhook is its own. */
export type WebhookScheme = StandardWebhooksScheme | HmacScheme;

/** What the verification needs of an HTTP request. */
export interface WebhookRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body exactly as received. */
  readonly rawBody: Uint8Array;
}

/** A verified webhook as handlers get it. */
export interface WebhookEvent {
  readonly deliveryKey: string;
  /** The body's JSON. */
  readonly data: JsonObject;
  readonly receivedAt: Date;
}
