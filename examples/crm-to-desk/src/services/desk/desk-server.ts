import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { answerJson, stampRequestId } from '../http/json-answer.js';
import { closeServer, listenOnLoopback, requireLoopback } from '../http/loopback-server.js';
import { createRouter, requestUrl } from '../http/router.js';
import { ServiceError } from '../http/service-error.js';
import type { DeskOptions } from './desk-options.js';
import { deskSettings } from './desk-options.js';
import type { DeskReport } from './desk-statistics.js';
import { deskControlRoutes, deskRoutes } from './desk.routes.js';
import { Desk } from './desk.js';

/** A desk running in this process. */
export interface DeskServer {
  readonly url: string;
  report(): DeskReport;
  close(): Promise<void>;
}

/**
 * Starts a desk in this process, on 127.0.0.1.
 * @throws Error when an option is out of range or the port is taken.
 */
export async function createDeskServer(options: DeskOptions): Promise<DeskServer> {
  const settings = deskSettings(options);
  const desk = new Desk(settings);
  const api = createRouter(deskRoutes(desk));
  const control = createRouter(deskControlRoutes(desk));
  const server = createServer((request, response) => {
    stampRequestId(request, response);
    void answerJson(response, () => {
      if (requestUrl(request).pathname.startsWith('/__control/')) {
        requireLoopback(request);
        return control(request, undefined);
      }
      desk.statistics.requests += 1;
      requireKey(request, settings.apiKey, desk);
      return api(request, undefined);
    });
  });
  const url = await listenOnLoopback(server, settings.port);
  return { url, report: () => desk.report(), close: () => closeServer(server) };
}

function requireKey(request: IncomingMessage, apiKey: string, desk: Desk): void {
  const given = request.headers['x-api-key'];
  if (typeof given === 'string' && timingSafeEqual(digest(given), digest(apiKey))) return;
  desk.statistics.unauthorized += 1;
  const message = 'The header X-Api-Key is missing or wrong.';
  throw new ServiceError(401, 'invalid_api_key', { message });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
