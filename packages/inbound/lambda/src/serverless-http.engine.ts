import { payloadFormatOf, type HttpEvent, type HttpResult } from './http-event.js';
import {
  attachInvocation,
  type HttpEngine,
  type HttpEngineSettings,
  type HttpListener,
} from './http-engine.js';
import type { LambdaContext } from './lambda-context.js';
import { PeerNotInstalledError, UnsupportedEventError } from './lambda.errors.js';
import { isTextByHeaders } from './text-body.js';

async function load(): Promise<typeof import('serverless-http')> {
  try {
    const { default: serverlessHttp } = await import('serverless-http');
    return serverlessHttp;
  } catch (error) {
    throw new PeerNotInstalledError('serverless-http', "engine: 'serverless-http'", error);
  }
}

function isBinary(headers: Readonly<Record<string, string | undefined>>): boolean {
  return !isTextByHeaders(headers['content-type'] ?? '', headers['content-encoding'] ?? '');
}

/**
 * The same through the `serverless-http` package, for apps that rely on its ways.
 * @throws PeerNotInstalledError when the package is missing.
 */
export async function serverlessHttpEngine(
  listener: HttpListener,
  settings: HttpEngineSettings,
): Promise<HttpEngine> {
  const serverlessHttp = await load();
  const handle = serverlessHttp(listener, {
    binary: isBinary,
    basePath: settings.basePath,
    request: (request: object, event: HttpEvent, context: LambdaContext) => {
      attachInvocation(request, event, context);
    },
  });
  return async (event, context) => {
    if (payloadFormatOf(event) === null) throw new UnsupportedEventError(settings.name);
    return (await handle(event, context)) as HttpResult;
  };
}
