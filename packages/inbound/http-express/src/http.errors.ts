import { TenonError } from '@tenon/core';

/** `BODY_NOT_JSON`: the position is told, the content is not. */
export function bodyNotJson(error: unknown): TenonError {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const where = position === undefined ? '' : ` (at byte ${position})`;
  return new TenonError({
    code: 'BODY_NOT_JSON',
    category: 'validation',
    message: `The body is not valid JSON${where}; send JSON with content-type: application/json`,
  });
}

/** `BODY_TOO_LARGE`. */
export function bodyTooLarge(limitBytes: number): TenonError {
  return new TenonError({
    code: 'BODY_TOO_LARGE',
    category: 'too_large',
    message: `The body is larger than ${limitBytes} bytes`,
    details: { limitBytes },
  });
}

/** `ROUTE_NOT_FOUND`. */
export function routeNotFound(method: string, path: string): TenonError {
  return new TenonError({
    code: 'ROUTE_NOT_FOUND',
    category: 'not_found',
    message: `There is no ${method} ${path.slice(0, 200)}; /openapi.json lists all routes`,
  });
}

/** `BODY_UNREADABLE`: the bytes are not what the headers say. */
export function bodyUnreadable(cause: unknown): TenonError {
  return new TenonError({
    code: 'BODY_UNREADABLE',
    category: 'validation',
    message:
      'The body cannot be read: content-encoding must be gzip, deflate, br or absent, and content-length must fit what is sent',
    cause,
  });
}

/** `BODY_TOO_DEEP`: nothing that is stored or queued is nested like this. */
export function bodyTooDeep(limit: number): TenonError {
  return new TenonError({
    code: 'BODY_TOO_DEEP',
    category: 'validation',
    message: `The body has more than ${limit} objects and lists inside of each other`,
    details: { limit },
  });
}

/** `PATH_MALFORMED`. */
export function pathMalformed(): TenonError {
  return new TenonError({
    code: 'PATH_MALFORMED',
    category: 'validation',
    message:
      "The path has a '%' that begins no encoded character; encode ids with encodeURIComponent",
  });
}
