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
