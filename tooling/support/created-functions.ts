import { expect } from '@jest/globals';
import {
  apiGatewayV2Event,
  scheduledEvent,
  startEventSourceMapping,
  startScriptedServer,
} from '@tenon/testing';

import { caller, operatorQueue, resultOf } from '../../packages/app/src/lambda-calls.fixture.js';
import { startCloud } from '../../packages/app/src/lambda-functions.fixture.js';
import type { Cloud } from '../../packages/app/src/lambda-functions.fixture.js';

const API_KEY = 'canary-crm-key-51c0';
const PASSWORD = 'canary: a long enough password';

/** The third party of the example that apps are created with. */
function startCrm() {
  return startScriptedServer(({ path, headers }) => {
    if (headers['x-api-key'] !== API_KEY) return { status: 401, body: {} };
    if (path === '/account') return { body: { id: 'crm-1', name: 'Acme' } };
    return { body: { items: [{ id: '1', email: 'ada@example.com' }], next: null } };
  });
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

async function install({ ok }: Caller, headers: Record<string, string>): Promise<void> {
  const connection = await ok<{ id: string }>({
    method: 'POST',
    path: '/api/connections',
    headers,
    body: { connector: 'crm', fields: { apiKey: API_KEY } },
  });
  await ok({
    method: 'POST',
    path: '/api/installations',
    headers,
    body: { integration: 'contacts', connections: { crm: connection.id } },
  });
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
const ELSEWHERE = /^(APP_SECRET_ID|TENON_PUBLIC_URL|TENON_QUEUE_URLS|TENON_KMS_KEY_ARN)$/;

interface FunctionResource {
  readonly Properties: { readonly Environment?: { readonly Variables: object } };
}

/** Gives the functions the variables of the template: the app refuses names that it does not know. */
function variablesOf(template: string): Record<string, string> {
  const { Resources } = JSON.parse(template) as { Resources: Record<string, FunctionResource> };
  const names = Object.keys(Resources['FunctionApi']?.Properties.Environment?.Variables ?? {});
  expect(names.length).toBeGreaterThan(4);
  const own = names.filter((name) => !ELSEWHERE.test(name));
  return Object.fromEntries(own.map((name) => [name, VALUES[name] ?? `no value for ${name}`]));
}

async function drive(cloud: Cloud, env: Record<string, string>): Promise<void> {
  const migrate = await cloud.start('migrate', env);
  expect(resultOf<{ applied: string[] }>(await migrate.invoke({})).applied).not.toEqual([]);

  const api = await cloud.start('api', env);
  const worker = await cloud.start('worker-default', env);
  const calls = caller(api, apiGatewayV2Event);
  await calls.ok({ path: '/health/live' });
  const headers = await signUp(calls, cloud.appKey);
  await install(calls, headers);

  const schedule = await cloud.start('schedule', env);
  resultOf(await schedule.invoke(scheduledEvent({ name: 'minute', at: new Date() })));

  const queue = operatorQueue(cloud.queue);
  const mapping = startEventSourceMapping({ queue: queue.pollable, runtimes: [worker] });
  try {
    expect(await endOfRun(calls, headers)).toBe('succeeded');
  } finally {
    await mapping.stop();
    queue.close();
  }
  const log = [api, worker, schedule, migrate].map((runtime) => runtime.log).join('');
  for (const word of [...Object.values(cloud.secrets), API_KEY, PASSWORD]) {
    expect(log).not.toContain(word);
  }
}

/** Functions of a created app, and the template that describes them. */
export interface CreatedFunctions {
  readonly folder: string;
  readonly template: string;
}

/** Runs functions under Lambda's own runtime client: from an empty database to a run that has succeeded. */
export async function driveFunctions(created: CreatedFunctions, node: string): Promise<void> {
  const { folder, template } = created;
  const crm = await startCrm();
  const cloud = await startCloud({ folder, remove: () => Promise.resolve() }, node);
  try {
    await drive(cloud, { ...variablesOf(template), CRM_URL: crm.url });
  } finally {
    await cloud.stop();
    await crm.close();
  }
}
