import { randomBytes } from 'node:crypto';

import { afterEach, describe, expect, it } from '@jest/globals';

import { DEMO_USERS } from './crm/crm-options.js';
import { OAuthClient } from './crm/oauth-client.js';
import type { RunningCrm, RunningService } from './start.js';
import { startCrm, startDesk } from './start.js';

const REDIRECT_URI = 'http://127.0.0.1:9/callback';
const [user] = DEMO_USERS as [(typeof DEMO_USERS)[0]];
const secret = randomBytes(24).toString('base64url');
const started: RunningService<unknown>[] = [];

async function start<Service extends RunningService<unknown>>(
  service: Promise<Service>,
): Promise<Service> {
  started.push(await service);
  return await service;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.stop()));
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function connect({ authorizationUrl, tokenUrl }: RunningCrm): Promise<string> {
  const plan = { authorizationUrl, tokenUrl, redirectUri: REDIRECT_URI };
  const client = new OAuthClient({ ...plan, clientId: 'tenon-demo', clientSecret: secret });
  const { redirectUrl } = await client.consent(user);
  return String((await client.exchange(redirectUrl)).body['access_token']);
}

async function walkAll(crm: RunningCrm, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  let count = 0;
  let cursor: string | null = '';
  while (cursor !== null) {
    const response = await fetch(`${crm.url}/contacts?limit=1000&cursor=${cursor}`, { headers });
    const page = (await response.json()) as { items: unknown[]; nextCursor: string | null };
    count += page.items.length;
    cursor = page.nextCursor;
  }
  return count;
}

describe('the services as processes', () => {
  it('the CRM serves as many contacts as it is told, in the same memory', async () => {
    const options = { clientSecret: secret, redirectUris: [REDIRECT_URI], rateLimitPerSecond: 0 };
    // Listing them may take long on a busy machine.
    const accessTokenTtlSeconds = 3_600;
    const crm = await start(startCrm({ ...options, accessTokenTtlSeconds, records: 200_000 }));
    expect(crm.records).toBe(200_000);
    const token = await connect(crm);
    expect(await walkAll(crm, token)).toBe(200_000);
    const { contactsListed, memory } = await crm.stats();
    expect(contactsListed).toBe(200_000);
    expect(memory.rssBytes).toBeLessThan(400 * 1024 * 1024);
  }, 180_000);

  it('the CRM is controlled from outside', async () => {
    const options = { clientSecret: secret, redirectUris: [REDIRECT_URI], records: 10 };
    const crm = await start(startCrm(options));
    const headers = { authorization: `Bearer ${await connect(crm)}` };
    const status = async () => (await fetch(`${crm.url}/me`, { headers })).status;
    expect(await status()).toBe(200);
    expect(await crm.setFaults({ api: { failNext: 1 } })).toMatchObject({ api: { failNext: 1 } });
    expect(await status()).toBe(503);
    expect(await crm.setRateLimit({ perSecond: 0.01 })).toEqual({ perSecond: 0.01, burst: 1 });
    expect([await status(), await status()]).toEqual([200, 429]);
    expect(await crm.expireAccessTokens()).toEqual({ expired: 1 });
    expect(await status()).toBe(401);
    await expect(crm.duplicateLastWebhook()).rejects.toThrow('404');
  });

  it('the desk takes records, and its process ends when it is stopped', async () => {
    const desk = await start(startDesk({ apiKey: secret, outageRate: 0 }));
    const response = await fetch(`${desk.url}/records/batch`, {
      method: 'POST',
      headers: { 'x-api-key': secret },
      body: JSON.stringify({ records: [{ externalId: 'a', name: 'Oslo' }] }),
    });
    expect(response.status).toBe(200);
    expect(await desk.stats()).toMatchObject({ stored: 1 });
    await desk.setOutages({ rate: 1 });
    expect(isRunning(desk.pid)).toBe(true);
    await desk.stop();
    expect(isRunning(desk.pid)).toBe(false);
  });

  it('a service that cannot start says why', async () => {
    const { url } = await start(startDesk({ apiKey: secret }));
    const port = Number(new URL(url).port);
    await expect(startDesk({ apiKey: secret, port })).rejects.toThrow(/exit code 1[^]*EADDRINUSE/);
    await expect(startDesk({ apiKey: 'short' })).rejects.toThrow('apiKey must be at least 16');
  });
});
