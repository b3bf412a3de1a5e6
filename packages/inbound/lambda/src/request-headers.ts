import type { IncomingHttpHeaders } from 'node:http';
import type { NamedLists, NamedValues } from './http-event.js';

/** The headers of one request as `node:http` spells them. */
export interface RequestHeaders {
  readonly headers: IncomingHttpHeaders & Record<string, string | string[] | undefined>;
  /** Name, value, name, value, … with the names as the gateway sent them. */
  readonly rawHeaders: string[];
}

/** Node keeps the first of these when a request repeats them. */
const FIRST_WINS: ReadonlySet<string> = new Set(
  (
    'age authorization content-length content-type etag expires from host if-modified-since ' +
    'if-unmodified-since last-modified location max-forwards proxy-authorization referer ' +
    'retry-after server user-agent'
  ).split(' '),
);

function combine(name: string, values: readonly string[]): string {
  if (values.length === 1 || FIRST_WINS.has(name)) return values[0] ?? '';
  return values.join(name === 'cookie' ? '; ' : ', ');
}

function addLists(target: RequestHeaders, lists: NamedLists): void {
  for (const rawName of Object.keys(lists)) {
    const values = lists[rawName];
    if (values === undefined || values.length === 0) continue;
    const name = rawName.toLowerCase();
    target.headers[name] = combine(name, values);
    for (const value of values) target.rawHeaders.push(rawName, value);
  }
}

function addValues(target: RequestHeaders, values: NamedValues): void {
  for (const rawName in values) {
    const value = values[rawName];
    if (typeof value !== 'string') continue;
    const name = rawName.toLowerCase();
    if (target.headers[name] !== undefined) continue;
    target.headers[name] = value;
    target.rawHeaders.push(rawName, value);
  }
}

/**
 * Joins the three places where gateways put request headers. Where an event has both single and multi-value
 * headers, the multi-value ones count: the single ones are only the last of each.
 */
export function readHeaders(event: {
  readonly headers?: NamedValues | null;
  readonly multiValueHeaders?: NamedLists | null;
  readonly cookies?: readonly string[];
}): RequestHeaders {
  const target: RequestHeaders = { headers: {}, rawHeaders: [] };
  if (event.multiValueHeaders) addLists(target, event.multiValueHeaders);
  if (event.headers) addValues(target, event.headers);
  if (event.cookies !== undefined && event.cookies.length > 0) {
    const cookie = event.cookies.join('; ');
    target.headers.cookie = cookie;
    target.rawHeaders.push('cookie', cookie);
  }
  return target;
}
