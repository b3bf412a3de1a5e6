import type { DryRunCall, DryRunRules } from '../connector/dry-run-rules.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../platform/http-client.port.js';
import { parseHttpUrl } from '../platform/http-url.js';
import { decodeUtf8 } from '../platform/utf8.js';
import { RecordedResponse } from '../recording/recorded-response.js';

/** RFC 9110 §9.2.1. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A write that a dry run did not send. */
export interface HeldWrite {
  readonly request: HttpRequest;
  readonly status: number;
  /** Who made the answer up. */
  readonly answeredBy: 'connector' | 'echo';
}

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function callOf({ method, url, body }: HttpRequest): DryRunCall {
  const { path = '', query = '' } = parseHttpUrl(url) ?? {};
  const text = typeof body === 'object' ? decodeUtf8(body) : (body ?? null);
  const content = text === null || text === '' ? null : parsed(text);
  return { method: method.toUpperCase(), path, query, body: content };
}

function echo({ body }: DryRunCall): Answer {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body: body ?? {} };
  return { body: 'id' in body ? body : { id: 'dry-run', ...body } };
}

/** Sends reads, holds writes back and answers them by itself. */
export class DryRunHttpClient implements HttpClient {
  constructor(
    private readonly http: HttpClient,
    private readonly rules: DryRunRules,
    private readonly onWrite: (write: HeldWrite) => void,
  ) {}

  async send(request: HttpRequest): Promise<HttpResponse> {
    const call = callOf(request);
    if (SAFE.has(call.method) || this.rules.isRead?.(call)) return this.http.send(request);
    const declared = this.rules.answer?.(call);
    const { status = 200, body }: Answer = declared ?? echo(call);
    this.onWrite({ request, status, answeredBy: declared ? 'connector' : 'echo' });
    const headers = { 'content-type': 'application/json', 'x-tenon-dry-run': '1' };
    const text = body === undefined ? '' : JSON.stringify(body);
    return new RecordedResponse({ status, headers, body: text });
  }

  close(): Promise<void> {
    return this.http.close();
  }
}
