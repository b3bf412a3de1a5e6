import type { HttpResponse } from '@tenon/core';
import { hasCode } from '@tenon/core';
import type { Dispatcher } from 'undici';
import { connectionFailed, invalidRequest, tooLarge, type Target } from './http.errors.js';
import { ReceivedResponse } from './received-response.js';

/** What ends an exchange, besides the answer. */
export interface ExchangeEnd {
  resolve(response: HttpResponse): void;
  reject(error: unknown): void;
}

type Controller = Dispatcher.DispatchController;

function joined(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) result[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return result;
}

/** One request and its answer, read into memory up to a limit. Settles once; whatever comes later is dropped. */
export class Exchange implements Dispatcher.DispatchHandler {
  #controller: Controller | undefined;
  #settled = false;
  #sent = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    private readonly target: Target,
    private readonly maxBytes: number,
    private readonly end: ExchangeEnd,
  ) {}

  /** Whether the request has begun to leave. */
  get sent(): boolean {
    return this.#sent;
  }

  /** Ends the exchange with an error and frees its connection. */
  abort(error: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#chunks = [];
    this.end.reject(error);
    this.#controller?.abort(new Error('aborted'));
  }

  onRequestStart(controller: Controller): void {
    // Given up while it waited for a connection.
    if (this.#settled) controller.abort(new Error('aborted'));
    this.#controller = controller;
    this.#sent = true;
  }

  onResponseStart(
    _controller: Controller,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = joined(headers);
    const announced = Number(this.#headers['content-length'] ?? 0);
    if (announced > this.maxBytes && this.target.method !== 'HEAD') {
      this.abort(tooLarge(this.target, this.maxBytes));
    }
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#settled) return;
    this.#size += chunk.length;
    if (this.#size > this.maxBytes) this.abort(tooLarge(this.target, this.maxBytes));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    const bytes = Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [];
    const encoding = this.#headers['content-encoding'];
    if (encoding === undefined || bytes.length === 0) this.#finish(bytes);
    else void this.#decode(bytes, encoding);
  }

  onResponseError(_controller: Controller, error: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.end.reject(this.#translated(error));
  }

  #translated(error: unknown): unknown {
    if (hasCode(error, 'EGRESS_REFUSED')) return error;
    if ((error as { readonly code?: unknown }).code === 'UND_ERR_INVALID_ARG') {
      return invalidRequest('headers', 'a name, a value or the length of the body cannot be sent');
    }
    return connectionFailed(this.target, error, this.#sent);
  }

  async #decode(bytes: Buffer, encoding: string): Promise<void> {
    try {
      const { decodeBody, decodersOf } = await import('./decode-body.js');
      const decoders = decodersOf(encoding);
      if (decoders === null) {
        this.#finish(bytes);
        return;
      }
      const decoded = await decodeBody(bytes, decoders, this.maxBytes);
      // They describe what was on the wire, not what the caller gets.
      const {
        'content-encoding': _encoding,
        'content-length': _length,
        ...headers
      } = this.#headers;
      this.#headers = headers;
      this.#finish(decoded);
    } catch (error) {
      const bomb = (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
      this.abort(
        bomb
          ? tooLarge(this.target, this.maxBytes)
          : connectionFailed(this.target, error, this.#sent),
      );
    }
  }

  #finish(bytes: Buffer): void {
    if (this.#settled) return;
    this.#settled = true;
    const { target } = this;
    this.end.resolve(new ReceivedResponse(this.#status, this.#headers, { bytes, target }));
  }
}
