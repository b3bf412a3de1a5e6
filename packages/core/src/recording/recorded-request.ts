import { bytesToBase64 } from '../platform/base64-bytes.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { HttpRequest } from '../platform/http-client.port.js';
import { decodeUtf8 } from '../platform/utf8.js';
import type { RecordedBody, RecordedCall } from './recording.js';
import type { Redactor } from './redactor.js';

/** Tools of everything that records or replays. */
export interface RecordingTools {
  readonly redactor: Redactor;
  readonly crypto: Pick<Crypto, 'sha256'>;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** A body without secrets. Bytes that are no text and hold one are left out. */
export function recordedBody(
  body: string | Uint8Array | undefined,
  contentType: string | undefined,
  redactor: Redactor,
): RecordedBody {
  if (body === undefined || body.length === 0) return {};
  const text = typeof body === 'string' ? body : decodeUtf8(body);
  if (text !== null) return { body: redactor.body(text, contentType) };
  const bytes = body as Uint8Array;
  const plain = latin1(bytes);
  return redactor.text(plain) === plain ? { bodyBase64: bytesToBase64(bytes) } : {};
}

/** What tells a request from others, without its secrets. */
export function recordedCall(
  { method, url, headers = {}, body }: HttpRequest,
  { redactor, crypto }: RecordingTools,
): RecordedCall {
  const kept = redactor.headers(headers);
  const recorded = recordedBody(body, kept['content-type'], redactor);
  const content = recorded.body ?? recorded.bodyBase64;
  return {
    method: method.toUpperCase(),
    url: redactor.parameters(url),
    headers: kept,
    ...recorded,
    bodyHash: content === undefined ? null : crypto.sha256(content),
  };
}
