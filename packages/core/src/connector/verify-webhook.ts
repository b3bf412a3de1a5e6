import type { Crypto } from '../platform/crypto.port.js';
import { webhookSecretInvalid, webhookSignatureInvalid } from './webhook-signature.errors.js';
import type {
  HmacScheme,
  StandardWebhooksScheme,
  WebhookRequest,
  WebhookScheme,
} from './webhook-scheme.js';

/** What verifying needs beside the request. */
export interface WebhookVerification {
  /** What the provider signs with. */
  readonly secret: string;
  readonly now: Date;
  readonly crypto: Pick<Crypto, 'hmac' | 'equal'>;
}

/** A request that was proven to be the provider's. */
export interface VerifiedWebhook {
  /** The provider's id of the delivery, or a hash of its body. */
  readonly deliveryKey: string;
}

const TOLERANCE_MS = 5 * 60_000;
const MAX_SIGNATURES = 16;
const SECRET_PREFIX = 'whsec_';

/** A header that must come once. Repeated headers arrive joined by commas, which none of these values contains. */
function single(request: WebhookRequest, name: string): string {
  const value = request.headers[name]?.trim();
  if (!value) throw webhookSignatureInvalid(`the header '${name}' is missing`);
  if (value.includes(',') || value.length > 256) {
    throw webhookSignatureInvalid(`the header '${name}' is repeated or malformed`);
  }
  return value;
}

function timestamp(
  request: WebhookRequest,
  scheme: { readonly header: string; readonly toleranceMs: number | undefined },
  now: Date,
): string {
  const text = single(request, scheme.header);
  if (!/^\d{1,12}$/.test(text)) {
    throw webhookSignatureInvalid(`the header '${scheme.header}' is no time in seconds`);
  }
  const distanceMs = Math.abs(now.getTime() - Number(text) * 1000);
  if (distanceMs > (scheme.toleranceMs ?? TOLERANCE_MS)) {
    throw webhookSignatureInvalid(`its time (header '${scheme.header}') is too far from now`);
  }
  return text;
}

/** Compares with every candidate, also after one that fits. */
function anyEqual(
  expected: string,
  candidates: readonly string[],
  crypto: Pick<Crypto, 'equal'>,
): boolean {
  let found = false;
  for (const candidate of candidates) found = crypto.equal(expected, candidate) || found;
  return found;
}

/** https://github.com/standard-webhooks/standard-webhooks, with the symmetric signatures `v1`. */
function verifyStandard(
  scheme: StandardWebhooksScheme,
  request: WebhookRequest,
  { secret, now, crypto }: WebhookVerification,
): VerifiedWebhook {
  const key = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
  if (!/^(?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2,3}={0,2})?$/.test(key)) {
    throw webhookSecretInvalid();
  }
  const id = single(request, 'webhook-id');
  const { toleranceMs } = scheme;
  const time = timestamp(request, { header: 'webhook-timestamp', toleranceMs }, now);
  const header = request.headers['webhook-signature'];
  if (!header) throw webhookSignatureInvalid("the header 'webhook-signature' is missing");
  const signatures = header
    .split(' ', MAX_SIGNATURES)
    .filter((each) => each.startsWith('v1,'))
    .map((each) => each.slice('v1,'.length));
  const expected = crypto.hmac({
    algorithm: 'sha256',
    key,
    keyEncoding: 'base64',
    parts: [`${id}.${time}.`, request.rawBody],
    output: 'base64',
  });
  if (!anyEqual(expected, signatures, crypto)) {
    throw webhookSignatureInvalid('no signature in it fits');
  }
  return { deliveryKey: id };
}

function verifyHmac(
  scheme: HmacScheme,
  request: WebhookRequest,
  { secret, now, crypto }: WebhookVerification,
): VerifiedWebhook {
  const { algorithm, encoding, signatureHeader, signaturePrefix = '', timestampHeader } = scheme;
  // Without a key everybody could sign.
  if (secret === '') throw webhookSecretInvalid();
  const signature = single(request, signatureHeader.toLowerCase());
  if (!signature.startsWith(signaturePrefix)) {
    throw webhookSignatureInvalid(`the header '${signatureHeader}' lacks its prefix`);
  }
  const given = signature.slice(signaturePrefix.length);
  const parts: (string | Uint8Array)[] = [request.rawBody];
  if (timestampHeader !== undefined) {
    const header = timestampHeader.toLowerCase();
    parts.unshift(`${timestamp(request, { header, toleranceMs: scheme.toleranceMs }, now)}.`);
  }
  const expected = crypto.hmac({ algorithm, key: secret, parts, output: encoding });
  const candidate = encoding === 'hex' ? given.toLowerCase() : given;
  if (!crypto.equal(expected, candidate))
    throw webhookSignatureInvalid('its signature does not fit');
  if (scheme.idHeader !== undefined) {
    return { deliveryKey: single(request, scheme.idHeader.toLowerCase()) };
  }
  const hash = { algorithm: 'sha256', key: 'delivery', parts: [request.rawBody] } as const;
  return { deliveryKey: crypto.hmac({ ...hash, output: 'base64url' }) };
}

/**
 * Proves that a webhook is the provider's, by the connector's scheme: the signature over the body as it came, compared in constant
 * time, and the time of signing where the scheme has one.
 * @throws TenonError `WEBHOOK_SIGNATURE_INVALID`, or `MISCONFIGURED` when the stored secret cannot be one.
 */
export function verifyWebhook(
  scheme: WebhookScheme,
  request: WebhookRequest,
  verification: WebhookVerification,
): VerifiedWebhook {
  return scheme.type === 'standard-webhooks'
    ? verifyStandard(scheme, request, verification)
    : verifyHmac(scheme, request, verification);
}
