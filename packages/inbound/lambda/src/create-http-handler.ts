import { MisconfiguredError, rejectUnknownKeys } from '@tenon/core/kernel';
import { createHandler, type HandlerOptions, type LambdaHandler } from './create-handler.js';
import { directEngine } from './direct.engine.js';
import type { HttpEngine, HttpEngineSettings, HttpListener } from './http-engine.js';
import type { HttpEvent, HttpResult } from './http-event.js';
import type { SecretValues } from './invocation.js';
import { normaliseBasePath } from './request-url.js';

/** Which adapter turns events into requests. */
export type HttpEngineName = 'direct' | 'serverless-http';

/** Options of {@link createHttpHandler}. */
export interface HttpHandlerOptions extends Omit<
  HandlerOptions<HttpEvent, HttpResult>,
  'name' | 'method' | 'userFacing'
> {
  /** Names the function in log lines. Default: `http`. */
  readonly name?: string;
  /**
   * Builds the Express app, or any other listener of `http.createServer`. Called once, by the first invocation, with
   * what the `secrets` option loaded; called again by the next invocation when it failed.
   */
  readonly app: (secrets: SecretValues) => HttpListener | Promise<HttpListener>;
  /**
   * `direct` (default) makes requests of events with no server in between. `serverless-http` uses the package of that
   * name, which the app has to install.
   */
  readonly engine?: HttpEngineName;
  /** Leading path that the app does not see: the stage of an `execute-api` address, or a base path mapping. */
  readonly basePath?: string;
}

const OWN_OPTIONS = ['app', 'engine', 'basePath'];
const HANDLER_OPTIONS = ['name', 'useDatabase', 'secrets', 'logger', 'safetyMarginMs'];

async function buildEngine(
  options: HttpHandlerOptions,
  settings: HttpEngineSettings,
  secrets: SecretValues,
): Promise<HttpEngine> {
  const listener = await options.app(secrets);
  if (options.engine !== 'serverless-http') return directEngine(listener, settings);
  const { serverlessHttpEngine } = await import('./serverless-http.engine.js');
  return serverlessHttpEngine(listener, settings);
}

function checkOptions(options: HttpHandlerOptions): void {
  rejectUnknownKeys('createHttpHandler', options, [...OWN_OPTIONS, ...HANDLER_OPTIONS]);
  if (typeof options.app !== 'function') {
    throw new MisconfiguredError(
      "createHttpHandler: option 'app' must be a function that builds the app",
    );
  }
  const engines: readonly string[] = ['direct', 'serverless-http'];
  const { engine = 'direct' } = options;
  if (!engines.includes(engine)) {
    throw new MisconfiguredError(
      `createHttpHandler: option 'engine' is '${engine}'; it is 'direct' or 'serverless-http'`,
    );
  }
}

/**
 * A Lambda handler for API Gateway (REST and HTTP APIs), function URLs and load balancers that serves an Express app.
 * The payload format is read off each event.
 *
 * @example
 * export const handler = createHttpHandler({ app: async () => (await createApp(adapters)).router });
 *
 * @throws MisconfiguredError for an unknown, a missing or a wrong option.
 */
export function createHttpHandler(
  options: HttpHandlerOptions,
): LambdaHandler<HttpEvent, HttpResult> {
  checkOptions(options);
  const { app: _app, engine: _engine, basePath = '', name = 'http', ...rest } = options;
  const settings = { name, basePath: normaliseBasePath(basePath) };
  let engine: HttpEngine | undefined;
  let building: Promise<HttpEngine> | undefined;
  const build = async (secrets: SecretValues): Promise<HttpEngine> => {
    building ??= buildEngine(options, settings, secrets).finally(() => {
      building = undefined;
    });
    engine = await building;
    return engine;
  };
  return createHandler<HttpEvent, HttpResult>({
    ...rest,
    name,
    userFacing: true,
    method: async (event, invocation) => {
      const answer = engine ?? (await build(invocation.secrets));
      return answer(event, invocation.context);
    },
  });
}
