import type { Request, RequestHandler } from 'express';
import { ValidationError } from '@tenon/core';
import type { AppContext, Context } from '@tenon/core';
import type * as z from 'zod';
import { anonymous, authenticateApp, authenticateUser } from './authentication.js';
import type { AuthenticationParts } from './authentication.js';
import { bytesOf, jsonOf } from './body.js';
import type { Route } from './route.js';
import { sendJson } from './send-json.js';

function authenticate(
  parts: AuthenticationParts,
  route: Route,
  request: Request,
): Promise<Context | AppContext> | AppContext {
  if (route.auth === 'user') return authenticateUser(parts, request);
  if (route.auth === 'app') return authenticateApp(parts, request);
  return anonymous(request, parts.logger);
}

function check(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ValidationError(
    `The ${where}`,
    result.error.issues.map((issue) => ({
      path: issue.path.map(String).join('.'),
      message: issue.message,
    })),
  );
}

/** Serves a route: who, what, use case, answer. */
export function routeHandler(parts: AuthenticationParts, route: Route): RequestHandler {
  const status = route.status ?? (route.result ? 200 : 204);
  return async (request, response) => {
    const context = await authenticate(parts, route, request);
    const result: unknown = await route.handle({
      // Which context it is follows from `auth`, which the erased type cannot say.
      context: context,
      params: check(route.params, request.params, 'path'),
      query: check(route.query, request.query, 'query'),
      body: route.body && check(route.body, jsonOf(request) ?? {}, 'body'),
      request,
      rawBody: bytesOf(request),
      response,
    });
    if (route.writesResponse) return;
    response.status(status);
    if (route.result) sendJson(response, result);
    else response.end();
  };
}
