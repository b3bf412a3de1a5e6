import { base64ToBytes } from '../platform/base64-bytes.js';
import type { HttpResponse } from '../platform/http-client.port.js';
import { TenonError } from '../platform/tenon.error.js';
import { decodeUtf8, encodeUtf8 } from '../platform/utf8.js';
import type { RecordedAnswer } from './recording.js';

/** An answer that no network gave. */
export class RecordedResponse implements HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;

  constructor({ status, headers, body, bodyBase64 }: RecordedAnswer) {
    this.status = status;
    this.headers = headers;
    const bytes = bodyBase64 === undefined ? null : base64ToBytes(bodyBase64);
    this.bytes = bytes ?? encodeUtf8(body ?? '');
  }

  text(): string {
    return decodeUtf8(this.bytes) ?? '';
  }

  json(): unknown {
    try {
      return JSON.parse(this.text());
    } catch {
      throw new TenonError({
        code: 'HTTP_INVALID_JSON',
        category: 'provider',
        message: 'The answer is no JSON',
      });
    }
  }
}
