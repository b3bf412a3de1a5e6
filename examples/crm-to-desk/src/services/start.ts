import { ControlClient } from './control-client.js';
import type { FaultChanges } from './crm/control-input.js';
import type { CrmOptions } from './crm/crm-options.js';
import type { CrmReport } from './crm/crm-report.js';
import type { DeskOptions } from './desk/desk-options.js';
import type { DeskReport } from './desk/desk-statistics.js';
import type { OutageSettings } from './desk/outage-plan.js';
import { ServiceChild } from './service-child.js';

/** What both services offer to whoever started them. */
export interface RunningService<Report> {
  readonly url: string;
  readonly pid: number;
  /** What the service has counted. */
  stats(): Promise<Report>;
  /** Ends the service in good order; kills it when that takes more than 5 s. */
  stop(): Promise<void>;
  /** Ends the service as a crash would. */
  kill(): Promise<void>;
}

/** A CRM running as a process of its own. */
export interface RunningCrm extends RunningService<CrmReport> {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly revocationUrl: string;
  readonly introspectionUrl: string;
  readonly records: number;
  /** Sends the last webhook once more under the same id. */
  duplicateLastWebhook(): Promise<{ id: string }>;
  /** Makes every access token that is out there invalid; refresh tokens stay. */
  expireAccessTokens(): Promise<{ expired: number }>;
  /** Makes the next API calls or token requests fail, or all of them slow. */
  setFaults(faults: { api?: FaultChanges; token?: FaultChanges }): Promise<CrmReport['faults']>;
  /** Sets API calls per second and account; 0 means no limit. */
  setRateLimit(limit: { perSecond: number; burst?: number }): Promise<CrmReport['rateLimit']>;
  /** Replaces the addresses that the OAuth client may be redirected to. */
  setRedirectUris(redirectUris: readonly string[]): Promise<void>;
}

/** A desk running as a process of its own. */
export interface RunningDesk extends RunningService<DeskReport> {
  /** Changes when batches are answered 503. */
  setOutages(settings: Partial<OutageSettings>): Promise<OutageSettings>;
  /** Forgets records, idempotency keys and counts. */
  reset(): Promise<void>;
}

/**
 * Starts the CRM as a child process, on 127.0.0.1.
 * @throws Error with the end of its stderr when it does not come up within 20 s.
 */
export async function startCrm(options: CrmOptions): Promise<RunningCrm> {
  const { clientSecret, users, redirectUris, ...plain } = options;
  const child = await ServiceChild.start({
    name: 'CRM',
    entry: './crm/main.js',
    args: [...flags(plain), ...redirectUris.flatMap((uri) => ['--redirect-uris', uri])],
    env: { CRM_CLIENT_SECRET: clientSecret, ...(users && { CRM_USERS: JSON.stringify(users) }) },
  });
  const control = new ControlClient(child.text('url'));
  return {
    ...running<CrmReport>(child, control),
    authorizationUrl: child.text('authorizationUrl'),
    tokenUrl: child.text('tokenUrl'),
    revocationUrl: child.text('revocationUrl'),
    introspectionUrl: child.text('introspectionUrl'),
    records: Number(child.ready['records']),
    duplicateLastWebhook: () => control.post('webhooks/duplicate-last'),
    expireAccessTokens: () => control.post('tokens/expire'),
    setFaults: (faults) => control.post('faults', faults),
    setRateLimit: (limit) => control.post('rate-limit', limit),
    setRedirectUris: async (uris) => {
      await control.post('redirect-uris', { redirectUris: uris });
    },
  };
}

/**
 * Starts the desk as a child process, on 127.0.0.1.
 * @throws Error with the end of its stderr when it does not come up within 20 s.
 */
export async function startDesk(options: DeskOptions): Promise<RunningDesk> {
  const { apiKey, ...plain } = options;
  const child = await ServiceChild.start({
    name: 'desk',
    entry: './desk/main.js',
    args: flags(plain),
    env: { DESK_API_KEY: apiKey },
  });
  const control = new ControlClient(child.text('url'));
  return {
    ...running<DeskReport>(child, control),
    setOutages: (settings) => control.post('outages', settings),
    reset: async () => {
      await control.post('reset');
    },
  };
}

function running<Report>(child: ServiceChild, control: ControlClient): RunningService<Report> {
  return {
    url: child.text('url'),
    pid: child.pid,
    stats: () => control.get<Report>('stats'),
    stop: () => child.stop(),
    kill: () => child.kill(),
  };
}

/** `{ rateLimitBurst: 5 }` → `['--rate-limit-burst', '5']`. */
function flags(options: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);
}
