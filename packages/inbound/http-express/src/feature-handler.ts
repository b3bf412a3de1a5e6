import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { AuthenticationParts } from './authentication.js';
import { routeHandler } from './route-handler.js';
import type { Feature, RouteParts } from './routes.js';

/** What serving routes needs. */
export type FeatureParts = AuthenticationParts & RouteParts;

async function load(feature: Feature, parts: FeatureParts): Promise<Router> {
  const router = Router();
  for (const each of await feature.load(parts))
    router[each.method](each.path, routeHandler(parts, each));
  return router;
}

/** Serves a feature, which the first request for it loads. All other requests pass by. */
export function featureHandler(feature: Feature, parts: FeatureParts): RequestHandler {
  let router: Router | null = null;
  let loading: Promise<Router> | null = null;
  const loaded = async (): Promise<Router> => {
    loading ??= load(feature, parts).finally(() => {
      loading = null;
    });
    return (router = await loading);
  };
  return async (request, response, next) => {
    // Routes do not tell upper from lower case.
    const path = request.path.toLowerCase();
    if (!feature.prefixes.some((prefix) => path.startsWith(prefix))) next();
    else (router ?? (await loaded()))(request, response, next);
  };
}
