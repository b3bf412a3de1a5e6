import { invalidRequest } from './http.errors.js';

/** Content codings that answers may have: those of `decode-body.ts`, which is loaded with the first of them. */
const ACCEPT_ENCODING = 'gzip, br, deflate';

/** What the connection decides, not the caller: a foreign `host` would walk past the egress policy of a shared server. */
const OWNED: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'expect',
  'proxy-authorization',
]);

/** What may follow to another origin. Everything else may be a credential under any name. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'content-type',
  'content-language',
  'user-agent',
]);

type Headers = Readonly<Record<string, string>>;

/** Names and values in turns, as undici takes them, with defaults. @throws ValidationError `HTTP_INVALID_REQUEST`. */
export function toHeaderList(headers: Headers): string[] {
  const list: string[] = [];
  let acceptsEncoding = false;
  let namesAgent = false;
  for (const name in headers) {
    const lower = name.toLowerCase();
    if (OWNED.has(lower))
      throw invalidRequest(`headers.${lower}`, 'the connection sets this header');
    acceptsEncoding ||= lower === 'accept-encoding';
    namesAgent ||= lower === 'user-agent';
    list.push(lower, headers[name] ?? '');
  }
  if (!acceptsEncoding) list.push('accept-encoding', ACCEPT_ENCODING);
  if (!namesAgent) list.push('user-agent', 'tenon');
  return list;
}

/** The headers that may go to another origin. */
export function withoutCredentials(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => HARMLESS.has(name.toLowerCase())),
  );
}

/** The headers without those that describe a body. */
export function withoutBody(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith('content-')),
  );
}
