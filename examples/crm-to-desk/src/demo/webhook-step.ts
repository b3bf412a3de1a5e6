import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_USERS } from '../services/crm/crm-options.js';
import { OAuthClient } from '../services/crm/oauth-client.js';
import type { Stage } from './stage.js';

const TIMEOUT_MS = 20_000;

/** A token of the CRM's own user, who changes a contact outside of Tenon. */
async function crmToken(stage: Stage): Promise<string> {
  const client = new OAuthClient({
    authorizationUrl: stage.crm.authorizationUrl,
    tokenUrl: stage.crm.tokenUrl,
    clientId: 'tenon-demo',
    clientSecret: stage.clientSecret,
    redirectUri: `${stage.apiUrl}/api/connections/callback`,
  });
  const [, user] = DEMO_USERS;
  if (!user) throw new Error('The CRM has no second user');
  const { redirectUrl } = await client.consent({
    username: user.username,
    password: user.password,
  });
  const { body } = await client.exchange(redirectUrl);
  return String(body['access_token']);
}

async function nameAtDesk(stage: Stage, id: string): Promise<unknown> {
  const response = await fetch(`${stage.desk.url}/records/${encodeURIComponent(id)}`, {
    headers: { 'x-api-key': stage.deskKey },
  });
  const record = (await response.json()) as { name?: unknown };
  return record.name;
}

async function firstContactId(stage: Stage, token: string): Promise<string> {
  const response = await fetch(`${stage.crm.url}/contacts?limit=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const page = (await response.json()) as { items: { id: string }[] };
  return page.items[0]?.id ?? '';
}

/** Changes a contact at the CRM and waits until its webhook carried it to the desk. Answers how long that took. */
export async function changeContact(
  stage: Stage,
  name: string,
): Promise<{ readonly milliseconds: number }> {
  const token = await crmToken(stage);
  const id = await firstContactId(stage, token);
  const startedAt = performance.now();
  const response = await fetch(`${stage.crm.url}/contacts/${encodeURIComponent(id)}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  if (!response.ok)
    throw new Error(`The CRM answered ${response.status}: ${await response.text()}`);
  while ((await nameAtDesk(stage, id)) !== name) {
    if (performance.now() - startedAt > TIMEOUT_MS)
      throw new Error('The change did not reach the desk within 20 s');
    await sleep(25);
  }
  return { milliseconds: performance.now() - startedAt };
}
