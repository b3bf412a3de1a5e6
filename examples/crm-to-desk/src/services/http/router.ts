import type { IncomingMessage } from 'node:http';

import { ServiceError, notFound } from './service-error.js';

/** One call as a route sees it; `Context` is what the service knows about the caller. */
export interface Call<Context = undefined> {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  readonly context: Context;
}

/** What a route answers: `body` is sent as JSON, no body means an empty answer. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route<Context = undefined> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A path whose segments may be `:names`. */
  readonly path: string;
  readonly handle: (call: Call<Context>) => Answer | Promise<Answer>;
}

/** A function that finds the route for a request and runs it. */
export type Router<Context> = (request: IncomingMessage, context: Context) => Promise<Answer>;

/**
 * Makes a router over a short list of routes.
 * The router throws ServiceError 404 for an unknown path, 405 for an unknown method on a known one.
 */
export function createRouter<Context = undefined>(
  routes: readonly Route<Context>[],
): Router<Context> {
  const compiled = routes.map((route) => ({ route, segments: route.path.split('/') }));
  return async (request, context) => {
    const url = requestUrl(request);
    const segments = url.pathname.split('/');
    let pathKnown = false;
    for (const { route, segments: pattern } of compiled) {
      const params = matchSegments(pattern, segments);
      if (params === undefined) continue;
      pathKnown = true;
      if (route.method !== request.method) continue;
      return route.handle({ request, query: url.searchParams, params, context });
    }
    if (!pathKnown) throw notFound(`There is nothing at ${url.pathname}.`);
    throw new ServiceError(405, 'method_not_allowed', {
      message: `${request.method ?? 'This method'} is not offered at ${url.pathname}.`,
    });
  };
}

/** The request's path and query, on a host that does not matter. */
export function requestUrl(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://localhost');
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (!expected.startsWith(':')) {
      if (expected !== actual) return undefined;
      continue;
    }
    if (actual === '') return undefined;
    params[expected.slice(1)] = decodeSegment(actual);
  }
  return params;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound('The path cannot be decoded.');
  }
}
