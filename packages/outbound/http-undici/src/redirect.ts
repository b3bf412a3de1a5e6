import type { HttpRequest, HttpResponse } from '@tenon/core';
import { egressRefused } from './http.errors.js';
import { withoutBody, withoutCredentials } from './request-headers.js';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What is asked next: a request to a URL. */
export interface Step {
  readonly url: URL;
  readonly request: Pick<HttpRequest, 'method' | 'headers' | 'body'>;
}

/**
 * The step that a redirect asks for, by RFC 9110 §15.4 with the customs of browsers: 303 turns everything into GET, 301 and
 * 302 turn POST into GET, 307 and 308 keep method and body. Null for answers that redirect nowhere, and for those that
 * would carry a body to another origin: the caller gets the redirect itself.
 * @throws TenonError `EGRESS_REFUSED` for a step from https down to http.
 */
export function nextStep({ url, request }: Step, response: HttpResponse): Step | null {
  const location = response.headers['location'];
  if (!REDIRECTS.has(response.status) || location === undefined) return null;
  if (!URL.canParse(location, url.href)) return null;
  const next = new URL(location, url);
  if (url.protocol === 'https:' && next.protocol === 'http:') {
    throw egressRefused(next.host, 'a redirect leads from https to http');
  }
  const kept = turnsIntoGet(request.method, response.status) ? toGet(request) : request;
  const headers = kept.headers ?? {};
  const sameOrigin = next.origin === url.origin;
  // Bodies hold credentials too: a token request must not be repeated to whoever the answer names.
  if (!sameOrigin && kept.body !== undefined) return null;
  return {
    url: next,
    request: { ...kept, headers: sameOrigin ? headers : withoutCredentials(headers) },
  };
}

function turnsIntoGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

function toGet(request: Step['request']): Step['request'] {
  return { method: 'GET', headers: withoutBody(request.headers ?? {}) };
}
