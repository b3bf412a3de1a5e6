import { expect } from '@jest/globals';
import {
  apiGatewayV2Event,
  scheduledEvent,
  signedWebhook,
  startEventSourceMapping,
  startScriptedServer,
} from '@tenon/testing';
import type { ScriptedServer } from '@tenon/testing';

import { caller, operatorQueue, resultOf } from '../../packages/app/src/lambda-calls.fixture.js';
import { startCloud } from '../../packages/app/src/lambda-functions.fixture.js';
import { connectBrowser } from '../../packages/app/src/lambda-browser.fixture.js';
import type { Cloud } from '../../packages/app/src/lambda-functions.fixture.js';

const API_KEY = 'canary-crm-key-51c0';
const PASSWORD = 'canary: a long enough password';

const SIGNING_SECRET = `whsec_${Buffer.from('canary: what the CRM signs with').toString('base64')}`;

/** The third party of the app: signs in by a key, has one contact, and tells of its changes. */
interface Crm {
  readonly server: ScriptedServer;
  /** Where it was asked to send webhooks. */
  readonly subscribed: string[];
  /** Contacts that were read by themselves, after a webhook. */
  readonly read: string[];
}

async function startCrm(): Promise<Crm> {
  const subscribed: string[] = [];
  const read: string[] = [];
  const server = await startScriptedServer(({ method, path, headers, body }) => {
    if (headers['x-api-key'] !== API_KEY) return { status: 401, body: {} };
    if (path === '/account') return { body: { id: 'crm-1', name: 'Acme' } };
    if (path === '/webhooks' && method === 'POST') {
      subscribed.push((JSON.parse(body) as { url: string }).url);
      return { body: { id: 'subscription-1', secret: SIGNING_SECRET } };
    }
    const contact = { id: '1', email: 'ada@example.com' };
    if (path === '/contacts') return { body: { items: [contact], next: null } };
    read.push(path);
    return { body: contact };
  });
  return { server, subscribed, read };
}

type Caller = ReturnType<typeof caller>;

async function signUp({ ok }: Caller, appKey: string): Promise<Record<string, string>> {
  const headers = { 'x-tenon-app-key': appKey };
  const post = <T>(path: string, body: unknown): Promise<T> =>
    ok({ method: 'POST', path, headers, body });
  const { id: tenantId } = await post<{ id: string }>('/api/tenants', { name: 'Acme' });
  const user = { username: 'ada', password: PASSWORD };
  await post(`/api/tenants/${tenantId}/users`, { kind: 'individual', ...user });
  const { bearer } = await post<{ bearer: string }>('/api/login', { tenantId, ...user });
  return { authorization: `Bearer ${bearer}` };
}

async function install({ ok }: Caller, headers: Record<string, string>): Promise<string> {
  const connection = await ok<{ id: string }>({
    method: 'POST',
    path: '/api/connections',
    headers,
    body: { connector: 'crm', fields: { apiKey: API_KEY } },
  });
  const { id } = await ok<{ id: string }>({
    method: 'POST',
    path: '/api/installations',
    headers,
    body: { integration: 'contacts', connections: { crm: connection.id } },
  });
  return id;
}

/** Sends a webhook to where the provider was told to, with its signature or with one of somebody else. */
async function sendWebhook(
  { call }: Caller,
  url: string,
  secret = SIGNING_SECRET,
): Promise<number> {
  const body = JSON.stringify({ id: '1' });
  const scheme = { type: 'standard-webhooks' } as const;
  const signed = signedWebhook({ scheme, secret, body, at: new Date() });
  const headers = Object.fromEntries(
    Object.entries(signed.headers).map(([name, value]) => [name, value ?? '']),
  );
  const { pathname: path, origin } = new URL(url);
  expect(origin).toBe('https://api.example.test');
  return (await call({ method: 'POST', path, headers, body })).statusCode;
}

/** How the one delivery has ended. */
async function endOfDelivery(
  { ok }: Caller,
  headers: Record<string, string>,
  installation: string,
): Promise<string> {
  const path = `/api/installations/${installation}/webhook-deliveries`;
  for (;;) {
    const { items } = await ok<{ items: { status: string }[] }>({ path, headers });
    const status = items[0]?.status ?? 'accepted';
    if (status !== 'accepted') return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The state of the one run, when it has ended. */
async function endOfRun({ ok }: Caller, headers: Record<string, string>): Promise<string> {
  for (;;) {
    const { items } = await ok<{ items: { state: string }[] }>({ path: '/api/runs', headers });
    const state = items[0]?.state ?? 'queued';
    if (!['queued', 'running'].includes(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What a stack fills its variables with, but for those that `startCloud` sets. */
const VALUES: Readonly<Record<string, string>> = {
  TENON_DATABASE_POOL_SIZE: '1',
  TENON_LOG_LEVEL: 'info',
  TENON_RETURN_URLS: 'https://app.example.com',
};
const ELSEWHERE =
  /^(WEBSOCKET_ENDPOINT|APP_SECRET_ID|TENON_PUBLIC_URL|TENON_QUEUE_URLS|TENON_KMS_KEY_ARN)$/;

interface FunctionResource {
  readonly Properties: { readonly Environment?: { readonly Variables: object } };
}

/** Whether a stack has the variable only when a parameter asks for it. */
function mayBeLeftOut(value: unknown): boolean {
  return /"Fn::If".*"AWS::NoValue"/.test(JSON.stringify(value));
}

/** Gives the functions the variables of the template: the app refuses names that it does not know. */
function variablesOf(template: string): Record<string, string> {
  const { Resources } = JSON.parse(template) as { Resources: Record<string, FunctionResource> };
  const all = Object.entries(Resources['FunctionApi']?.Properties.Environment?.Variables ?? {});
  expect(all.length).toBeGreaterThan(4);
  const own = all
    .filter(([name, value]) => !ELSEWHERE.test(name) && (name in VALUES || !mayBeLeftOut(value)))
    .map(([name]) => name);
  return Object.fromEntries(own.map((name) => [name, VALUES[name] ?? `no value for ${name}`]));
}

async function drive(cloud: Cloud, crm: Crm, env: Record<string, string>): Promise<void> {
  const migrate = await cloud.start('migrate', env);
  expect(resultOf<{ applied: string[] }>(await migrate.invoke({})).applied).not.toEqual([]);

  const api = await cloud.start('api', env);
  const worker = await cloud.start('worker-default', env);
  const calls = caller(api, apiGatewayV2Event);
  await calls.ok({ path: '/health/live' });
  const headers = await signUp(calls, cloud.appKey);
  const installation = await install(calls, headers);

  const schedule = await cloud.start('schedule', env);
  resultOf(await schedule.invoke(scheduledEvent({ name: 'minute', at: new Date() })));

  const websocket = await cloud.start('websocket', env);
  const ticket = await calls.ok<{ ticket: string }>({
    ...{ method: 'POST', path: '/api/websocket-tickets', headers },
  });
  const browser = await connectBrowser(websocket, cloud.gateway, ticket.ticket);
  await expect(connectBrowser(websocket, cloud.gateway, ticket.ticket)).rejects.toThrow('401');
  const installations = await calls.ok<{ items: { id: string }[] }>({
    ...{ path: '/api/installations', headers },
  });
  const topic = `installations/${installations.items[0]?.id ?? ''}`;
  expect(await browser.send({ type: 'subscribe', topic })).toMatchObject({ type: 'subscribed' });

  const queue = operatorQueue(cloud.queue);
  const mapping = startEventSourceMapping({ queue: queue.pollable, runtimes: [worker] });
  try {
    expect(await endOfRun(calls, headers)).toBe('succeeded');
    while (!browser.pushed().some((message) => message.includes('run.finished'))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await browser.leave();
    const [url = ''] = crm.subscribed;
    expect(await sendWebhook(calls, url, 'whsec_c29tZWJvZHkgZWxzZQ==')).toBe(401);
    expect(await sendWebhook(calls, url)).toBe(202);
    expect(await sendWebhook(calls, url)).toBe(202);
    expect(await endOfDelivery(calls, headers, installation)).toBe('processed');
    expect(crm.read).toEqual(['/contacts/1']);
  } finally {
    await mapping.stop();
    queue.close();
  }
  const log = [api, worker, schedule, migrate, websocket].map((runtime) => runtime.log).join('');
  const words = [...Object.values(cloud.secrets), API_KEY, PASSWORD, SIGNING_SECRET, ticket.ticket];
  for (const word of words) {
    expect(log).not.toContain(word);
  }
}

/** Functions of a created app, and the template that describes them. */
export interface CreatedFunctions {
  readonly folder: string;
  readonly template: string;
}

/**
 * Runs functions under Lambda's own runtime client: from an empty database over connecting and installing to a run that has
 * succeeded and a webhook that was worked on.
 */
export async function driveFunctions(created: CreatedFunctions, node: string): Promise<void> {
  const { folder, template } = created;
  const crm = await startCrm();
  const cloud = await startCloud({ folder, remove: () => Promise.resolve() }, node);
  try {
    await drive(cloud, crm, { ...variablesOf(template), CRM_URL: crm.server.url });
  } finally {
    await cloud.stop();
    await crm.server.close();
  }
}
