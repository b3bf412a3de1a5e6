import { createHmac } from 'node:crypto';
import type { WebhookRequest, WebhookScheme } from '@tenon/core';

/** What a provider sends. */
export interface WebhookToSign {
  readonly scheme: WebhookScheme;
  /** What the provider signs with; base64, with or without `whsec_`, for Standard Webhooks. */
  readonly secret: string;
  readonly body: string;
  readonly at: Date;
  /** The delivery's id, where the scheme has one. Default: `delivery-1`. */
  readonly id?: string;
}

/** A webhook's request, signed as its provider would. */
export function signedWebhook(webhook: WebhookToSign): WebhookRequest {
  const { scheme, secret, body, at, id = 'delivery-1' } = webhook;
  const rawBody = new TextEncoder().encode(body);
  const time = String(Math.floor(at.getTime() / 1000));
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (scheme.type === 'standard-webhooks') {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const hash = createHmac('sha256', key).update(`${id}.${time}.`).update(rawBody);
    headers['webhook-id'] = id;
    headers['webhook-timestamp'] = time;
    headers['webhook-signature'] = `v1,${hash.digest('base64')}`;
    return { headers, rawBody };
  }
  const { algorithm, encoding, signatureHeader, signaturePrefix = '' } = scheme;
  const { timestampHeader, idHeader } = scheme;
  const hash = createHmac(algorithm, secret);
  if (timestampHeader !== undefined) {
    headers[timestampHeader.toLowerCase()] = time;
    hash.update(`${time}.`);
  }
  if (idHeader !== undefined) headers[idHeader.toLowerCase()] = id;
  const signature = hash.update(rawBody).digest(encoding);
  headers[signatureHeader.toLowerCase()] = `${signaturePrefix}${signature}`;
  return { headers, rawBody };
}
