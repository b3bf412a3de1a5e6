import express from 'express';
import type { Express, Router } from 'express';
import { silentLogger, validateOptions } from '@tenon/core';
import type { Commands, Crypto, IdGenerator, JsonObject, Logger, Secret } from '@tenon/core';
import { APP_KEY_HEADER, APP_USER_HEADER } from './authentication.js';
import { docsRouter } from './docs-page.js';
import { featureHandler } from './feature-handler.js';
import type { FeatureParts } from './feature-handler.js';
import { healthRouter } from './health.router.js';
import { routeNotFound } from './http.errors.js';
import { problemHandler } from './problem.js';
import { rawBody } from './raw-body.js';
import { requestId } from './request-id.js';
import { allRoutes, features } from './routes.js';
import { secureHeaders } from './secure-headers.js';

/** Options of {@link createApi}. */
export interface ApiOptions {
  readonly commands: Commands;
  readonly ids: IdGenerator;
  readonly crypto: Pick<Crypto, 'equal'>;
  /** Where browsers and providers reach this API: `https://integrations.example.com`. */
  readonly publicUrl: string;
  readonly logger?: Logger;
  /** Opens `/health/detailed` to who knows it. */
  readonly healthKey?: Secret<string>;
  /** Largest body in bytes. Default: 1 MiB. */
  readonly bodyLimitBytes?: number;
  /** Serves `/docs` and `/openapi.json`. Default: true. */
  readonly docs?: boolean;
  readonly title?: string;
  readonly version?: string;
  /** The product's own routes, mounted before the answer "not found". They get raw bodies. */
  readonly extend?: (router: Router) => void;
}

type Settings = ApiOptions & Required<Omit<ApiOptions, 'healthKey' | 'extend'>>;

function mountDocs(app: Express, settings: Settings, parts: FeatureParts): void {
  let document: JsonObject | null = null;
  const { title, version, publicUrl } = settings;
  const headers = { appKeyHeader: APP_KEY_HEADER, appUserHeader: APP_USER_HEADER };
  const info = { title, version, publicUrl, ...headers };
  app.get('/openapi.json', async (_request, response) => {
    const { openApiDocument } = await import('./openapi.js');
    document ??= openApiDocument(await allRoutes(parts), info);
    response.json(document);
  });
  app.use(docsRouter());
}

/**
 * The HTTP API of an app as an Express application: serve it with `app.listen`, or hand it to `createHttpHandler` of
 * `@tenon/lambda`.
 * @throws MisconfiguredError for unknown or missing options.
 */
export function createApi(options: ApiOptions): Express {
  const settings = validateOptions<Settings>('createApi', options, {
    required: ['commands', 'ids', 'crypto', 'publicUrl'],
    defaults: {
      logger: silentLogger,
      bodyLimitBytes: 1_048_576,
      docs: true,
      title: 'Tenon API',
      version: '1',
    },
    optional: ['healthKey', 'extend'],
  });
  const { commands, logger } = settings;
  const parts: FeatureParts = {
    commands,
    tokens: commands.tokens,
    logger,
    secureCookies: settings.publicUrl.startsWith('https:'),
  };
  const app = express();
  app.disable('x-powered-by').set('etag', false).set('query parser', 'simple');
  app.use(requestId(settings.ids), secureHeaders);
  app.use(
    healthRouter({
      health: commands.health,
      crypto: settings.crypto,
      logger,
      healthKey: settings.healthKey ?? null,
    }),
  );
  if (settings.docs) mountDocs(app, settings, parts);
  app.use(rawBody(settings.bodyLimitBytes));
  for (const feature of features) app.use(featureHandler(feature, parts));
  if (settings.extend) {
    const router = express.Router();
    settings.extend(router);
    app.use(router);
  }
  app.use((request, _response, next) => {
    next(routeNotFound(request.method, request.path));
  });
  app.use(problemHandler(logger));
  return app;
}
