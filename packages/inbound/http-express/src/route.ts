import type { Request, Response } from 'express';
import type { AppContext, Context, Scope } from '@tenon/core';
import type * as z from 'zod';

/** Who may call a route. */
export type RouteAuth = 'user' | 'app' | 'none';

interface ContextOf {
  user: Context;
  app: AppContext;
  none: AppContext;
}

/** The checked parts of a request. */
export interface Call<Auth extends RouteAuth, Params, Query, Body> {
  readonly context: ContextOf[Auth];
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** For routes that must read headers or write something else than JSON. */
  readonly request: Request;
  /** The body as it came. */
  readonly rawBody: Buffer;
  readonly response: Response;
}

/** A route: enough to serve it, to check what it gets and to describe it. */
export interface RouteSpec<
  Auth extends RouteAuth = RouteAuth,
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
> {
  readonly operationId: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express path: `/api/runs/:runId`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly auth: Auth;
  /** The scope that the use case asks for, for the documentation. */
  readonly scope?: Scope;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Absent for answers without a body. */
  readonly result?: Result;
  /** Default: 200, or 204 without a result. */
  readonly status?: number;
  /** The handler wrote the answer itself; its answer is ignored. */
  readonly writesResponse?: boolean;
  handle(
    call: Call<Auth, z.output<Params>, z.output<Query>, z.output<Body>>,
  ): Promise<z.input<Result>>;
}

/** A route with its types erased. */
export type Route = RouteSpec;

/** Infers a route's types. */
export function route<
  Auth extends RouteAuth,
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Result extends z.ZodType = z.ZodVoid,
>(spec: RouteSpec<Auth, Params, Query, Body, Result>): Route {
  return spec;
}
