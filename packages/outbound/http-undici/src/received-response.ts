import type { HttpResponse } from '@tenon/core';
import { invalidJson, type Target } from './http.errors.js';

const BOM = 0xfeff;

/** An answer read whole. */
export class ReceivedResponse implements HttpResponse {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    private readonly body: { readonly bytes: Buffer; readonly target: Target },
  ) {}

  get bytes(): Uint8Array {
    return this.body.bytes;
  }

  text(): string {
    const text = this.body.bytes.toString('utf8');
    return text.charCodeAt(0) === BOM ? text.slice(1) : text;
  }

  json(): unknown {
    try {
      return JSON.parse(this.text());
    } catch {
      throw invalidJson(this.body.target, this.status);
    }
  }
}
