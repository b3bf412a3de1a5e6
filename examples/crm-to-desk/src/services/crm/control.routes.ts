import { parseObject, readBytes } from '../http/request-body.js';
import type { Call, Route } from '../http/router.js';
import { notFound } from '../http/service-error.js';
import type { AuthorizationServer } from './authorization-server.js';
import type { CrmReport } from './crm-report.js';
import { readFaultChanges, readRateLimit, readRedirectUris } from './control-input.js';
import type { FaultPlan } from './fault-plan.js';
import type { RateLimiter } from './rate-limiter.js';
import type { WebhookSender } from './webhook-sender.js';

/** The parts of a CRM that the control endpoints turn. */
export interface CrmControls {
  readonly authorization: AuthorizationServer;
  readonly limiter: RateLimiter;
  readonly sender: WebhookSender;
  readonly faults: { readonly api: FaultPlan; readonly token: FaultPlan };
  readonly report: () => CrmReport;
}

/** Endpoints under `/__control/` with which a demo or test looks inside and makes things happen. */
export function controlRoutes(controls: CrmControls): Route[] {
  const { authorization, limiter, sender, faults, report } = controls;
  const input = async ({ request }: Call) => parseObject(await readBytes(request));
  return [
    get('/__control/stats', report),
    get('/__control/deliveries', () => ({ items: sender.deliveries() })),
    post('/__control/webhooks/duplicate-last', () => {
      const delivery = sender.duplicateLast();
      if (delivery === undefined) throw notFound('No webhook was sent so far.');
      return { id: delivery.id };
    }),
    post('/__control/tokens/expire', () => ({
      expired: authorization.storage.clear('AccessToken'),
    })),
    post('/__control/faults', async (call) => {
      const changes = readFaultChanges(await input(call));
      Object.assign(faults.api, changes.api);
      Object.assign(faults.token, changes.token);
      return faults;
    }),
    post('/__control/rate-limit', async (call) => {
      limiter.configure(readRateLimit(await input(call)));
      return limiter.limit;
    }),
    post('/__control/redirect-uris', async (call) => {
      const redirectUris = readRedirectUris(await input(call));
      await authorization.registerRedirectUris(redirectUris);
      return { redirectUris };
    }),
  ];
}

function get(path: string, read: () => unknown): Route {
  return { method: 'GET', path, handle: () => ({ status: 200, body: read() }) };
}

function post(path: string, act: (call: Call) => unknown): Route {
  const handle = async (call: Call) => ({ status: 200, body: await act(call) });
  return { method: 'POST', path, handle };
}
