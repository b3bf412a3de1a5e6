import type { AlbEvent, ApiGatewayV1Event, NamedLists, NamedValues } from './http-event.js';

/**
 * HTTP APIs deliver the path percent-decoded, REST APIs, function URLs and load balancers as it came. Escaping only
 * what can never stand in an encoded path serves both.
 */
const NOT_IN_A_PATH = /[^\x21\x22\x24\x26-\x3e\x40-\x7e%]|%(?![0-9a-f]{2})/giu;

function escapePart(part: string): string {
  try {
    return encodeURIComponent(part);
  } catch {
    return '%EF%BF%BD';
  }
}

function encodePath(path: string): string {
  return path.replace(NOT_IN_A_PATH, escapePart);
}

/** Removes `basePath` where it is the leading part of the path, in whole segments. */
function stripBasePath(path: string, basePath: string): string {
  if (basePath === '' || !path.startsWith(basePath)) return path;
  if (path.length === basePath.length) return '/';
  return path.charCodeAt(basePath.length) === 47 ? path.slice(basePath.length) : path;
}

/** `prod/`, `/prod` and `/prod/` all become `/prod`; nothing becomes the empty string. */
export function normaliseBasePath(basePath: string): string {
  const trimmed = basePath.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? '' : `/${trimmed}`;
}

/** The path as it stands in a request line, without `basePath`. */
export function requestPath(path: string, basePath: string): string {
  const stripped = stripBasePath(path === '' ? '/' : path, basePath);
  return encodePath(stripped.charCodeAt(0) === 47 ? stripped : `/${stripped}`);
}

function eachPair(
  lists: NamedLists | null | undefined,
  values: NamedValues | null | undefined,
  add: (name: string, value: string) => void,
): void {
  for (const name of Object.keys(lists ?? {})) {
    for (const value of lists?.[name] ?? []) add(name, value);
  }
  for (const name of Object.keys(values ?? {})) {
    if (lists?.[name] === undefined) add(name, values?.[name] ?? '');
  }
}

/**
 * The query string, with its leading question mark, of an event that carries parameters in maps. API Gateway decodes
 * them, load balancers do not.
 */
export function queryFromMaps(event: ApiGatewayV1Event | AlbEvent, decoded: boolean): string {
  let query = '';
  eachPair(event.multiValueQueryStringParameters, event.queryStringParameters, (name, value) => {
    query += query === '' ? '?' : '&';
    query += decoded ? `${escapePart(name)}=${escapePart(value)}` : `${name}=${value}`;
  });
  return query;
}
