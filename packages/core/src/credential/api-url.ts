import type { Query } from '../connector/api-client.js';
import { MisconfiguredError } from '../platform/common.errors.js';
import { hasDotSegment, parseHttpUrl } from '../platform/http-url.js';
import { TenonError } from '../platform/tenon.error.js';

/** A connector's base URL, taken apart once. */
export interface ApiBase {
  readonly origin: string;
  /** Origin and path without a slash at the end. */
  readonly prefix: string;
}

/** A URL to call and its path, which errors may name. */
export interface ApiUrl {
  readonly url: string;
  readonly path: string;
}

const UNSAFE = /[\s\\#\p{Cc}]/u;

function refuse(connector: string, why: string): never {
  throw new TenonError({
    code: 'API_PATH_REFUSED',
    category: 'internal',
    message: `${connector}: ${why}; use encodeURIComponent for ids in paths`,
    details: { connector },
  });
}

/** @throws MisconfiguredError when the base is not an absolute URL without query. */
export function parseApiBase(connector: string, baseUrl: string): ApiBase {
  const parsed = parseHttpUrl(baseUrl);
  if (parsed?.query !== '' || hasDotSegment(parsed.path)) {
    throw new MisconfiguredError(
      `Connector '${connector}': baseUrl must be an absolute URL without user info, query or fragment`,
      { connector },
    );
  }
  return { origin: parsed.origin, prefix: parsed.origin + parsed.path.replace(/\/+$/, '') };
}

function encodeQuery(query: Query): string {
  let text = '';
  for (const name in query) {
    const value = query[name];
    if (value === undefined) continue;
    const key = encodeURIComponent(name);
    if (typeof value === 'object') {
      for (const each of value) text += `&${key}=${encodeURIComponent(each)}`;
    } else text += `&${key}=${encodeURIComponent(value)}`;
  }
  return text.slice(1);
}

/** Adds an encoded query to a URL that may have one. */
export function appendQuery(url: string, query: string): string {
  if (query === '') return url;
  return url + (url.includes('?') ? '&' : '?') + query;
}

function withQuery(url: string, query: Query | undefined): string {
  return query === undefined ? url : appendQuery(url, encodeQuery(query));
}

/** Where a `path` leads: below the base, or, for absolute URLs (`next` links), to the same origin. */
function locate(connector: string, base: ApiBase, path: string): ApiUrl {
  if (UNSAFE.test(path)) refuse(connector, 'a path has no white space, backslash or fragment');
  const mark = path.indexOf('?');
  const pathOnly = mark === -1 ? path : path.slice(0, mark);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    const absolute = parseHttpUrl(path);
    if (absolute?.origin !== base.origin || hasDotSegment(absolute.path)) {
      refuse(connector, 'an absolute URL must have the origin of the base URL');
    }
    return { url: absolute.origin + absolute.path + absolute.query, path: absolute.path };
  }
  if (pathOnly.startsWith('//')) refuse(connector, "a path begins with one '/'");
  const rooted = path.startsWith('/') || path === '' ? path : `/${path}`;
  if (pathOnly.includes('.') || pathOnly.includes('%')) {
    if (hasDotSegment(`/${pathOnly}`)) refuse(connector, "a path has no '.' or '..' segment");
  }
  return { url: base.prefix + rooted, path: pathOnly };
}

/**
 * The URL of a call. A path cannot leave the base URL, nor its origin when it is absolute: the credential goes to whoever is called.
 * @throws TenonError `API_PATH_REFUSED`.
 */
export function apiUrl(
  connector: string,
  base: ApiBase,
  target: { readonly path: string; readonly query?: Query | undefined },
): ApiUrl {
  const { url, path } = locate(connector, base, target.path);
  return { url: withQuery(url, target.query), path };
}
