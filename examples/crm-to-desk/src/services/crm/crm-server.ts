import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

import { answerJson, answerRefusal, stampRequestId } from '../http/json-answer.js';
import { closeServer, listenOnLoopback, requireLoopback } from '../http/loopback-server.js';
import { memoryReport } from '../http/memory-report.js';
import type { Answer } from '../http/router.js';
import { createRouter, requestUrl } from '../http/router.js';
import { ApiAccess } from './api-access.js';
import { accountRoutes, contactRoutes, webhookRoutes } from './api.routes.js';
import type { AuthorizationServer } from './authorization-server.js';
import { OAUTH_PATHS, createAuthorizationServer } from './authorization-server.js';
import { ContactCatalog } from './contact-catalog.js';
import { controlRoutes } from './control.routes.js';
import type { CrmOptions, CrmSettings } from './crm-options.js';
import { crmSettings } from './crm-options.js';
import type { CrmReport } from './crm-report.js';
import { emptyCrmStatistics } from './crm-statistics.js';
import { noFaults, sufferFaults } from './fault-plan.js';
import { Interactions } from './interactions.js';
import { RateLimiter } from './rate-limiter.js';
import { WebhookRegistry } from './webhook-registry.js';
import { WebhookSender } from './webhook-sender.js';

/** The addresses of a running CRM. */
export interface CrmUrls {
  readonly url: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly revocationUrl: string;
  readonly introspectionUrl: string;
}

/** A CRM running in this process. */
export interface CrmServer extends CrmUrls {
  readonly catalog: ContactCatalog;
  report(): CrmReport;
  close(): Promise<void>;
}

/**
 * Starts a CRM in this process, on 127.0.0.1.
 * @throws Error when an option is out of range or the port is taken.
 */
export async function createCrmServer(options: CrmOptions): Promise<CrmServer> {
  const settings = crmSettings(options);
  const server = createServer();
  const url = await listenOnLoopback(server, settings.port);
  const parts = await assemble(url, settings);
  server.on('request', parts.listener);
  return {
    ...crmUrls(url),
    catalog: parts.catalog,
    report: parts.report,
    close: () => closeAll(server, parts.sender),
  };
}

function crmUrls(url: string): CrmUrls {
  return {
    url,
    authorizationUrl: url + OAUTH_PATHS.authorization,
    tokenUrl: url + OAUTH_PATHS.token,
    revocationUrl: url + OAUTH_PATHS.revocation,
    introspectionUrl: url + OAUTH_PATHS.introspection,
  };
}

async function assemble(url: string, settings: CrmSettings) {
  const statistics = emptyCrmStatistics();
  const faults = { api: noFaults(), token: noFaults() };
  const catalog = new ContactCatalog(settings.records);
  const { rateLimitPerSecond: perSecond, rateLimitBurst: burst } = settings;
  const limiter = new RateLimiter({ perSecond, burst });
  const registry = new WebhookRegistry();
  const { webhookAttempts: attempts, webhookBackoffMs: backoffMs } = settings;
  const sender = new WebhookSender(registry, { attempts, backoffMs });
  const authorization = await createAuthorizationServer(url, settings, statistics);
  const { provider, storage } = authorization;
  const report = (): CrmReport => ({
    ...statistics,
    records: catalog.size,
    changedRecords: catalog.changedCount,
    liveAccessTokens: storage.count('AccessToken'),
    rateLimit: limiter.limit,
    webhooks: sender.statistics(),
    faults,
    memory: memoryReport(),
  });
  const control = createRouter(controlRoutes({ authorization, limiter, sender, faults, report }));
  const access = new ApiAccess(provider, limiter, statistics);
  const api = createRouter([
    ...accountRoutes(settings.users),
    ...contactRoutes(catalog, sender, statistics),
    ...webhookRoutes(registry),
  ]);
  const listener = createListener({
    oauth: guardedOAuth(authorization, {
      beforeToken: () => sufferFaults(faults.token),
      onRevoked: () => {
        statistics.revocations += 1;
      },
    }),
    interactions: new Interactions(provider, settings.users, statistics),
    control: (request) => control(request, undefined),
    api: async (request) => {
      statistics.apiRequests += 1;
      await sufferFaults(faults.api);
      return api(request, await access.admit(request));
    },
  });
  return { catalog, sender, report, listener };
}

interface Entrances {
  readonly oauth: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly interactions: Interactions;
  readonly control: (request: IncomingMessage) => Promise<Answer>;
  readonly api: (request: IncomingMessage) => Promise<Answer>;
}

function createListener(entrances: Entrances): RequestListener {
  return (request, response) => {
    stampRequestId(request, response);
    const { pathname } = requestUrl(request);
    if (/^\/(oauth|\.well-known)\//.test(pathname)) {
      void entrances.oauth(request, response);
    } else if (pathname.startsWith('/interaction/')) {
      void orRefuse(response, () => entrances.interactions.handle(request, response));
    } else if (pathname.startsWith('/__control/')) {
      void answerJson(response, async () => {
        requireLoopback(request);
        return await entrances.control(request);
      });
    } else {
      void answerJson(response, () => entrances.api(request));
    }
  };
}

/** Lets a handler write its own answer, and answers JSON when it refuses instead. */
async function orRefuse(response: ServerResponse, handle: () => Promise<void>): Promise<void> {
  try {
    await handle();
  } catch (error) {
    answerRefusal(response, error);
  }
}

function guardedOAuth(
  { provider }: AuthorizationServer,
  hooks: { beforeToken: () => Promise<void>; onRevoked: () => void },
): Entrances['oauth'] {
  const callback = provider.callback();
  return (request, response) =>
    orRefuse(response, async () => {
      const { pathname } = requestUrl(request);
      if (pathname === OAUTH_PATHS.token) await hooks.beforeToken();
      await callback(request, response);
      if (pathname === OAUTH_PATHS.revocation && response.statusCode === 200) hooks.onRevoked();
    });
}

async function closeAll(server: Server, sender: WebhookSender): Promise<void> {
  await Promise.all([sender.close(), closeServer(server)]);
}
