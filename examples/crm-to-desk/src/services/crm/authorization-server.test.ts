import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

import type { CrmFixture } from './crm.fixture.js';
import { ADA, GRACE, REDIRECT_URI, openCrm } from './crm.fixture.js';
import type { CrmOptions } from './crm-options.js';

let fixture: CrmFixture;

async function open(options: Partial<CrmOptions> = {}): Promise<CrmFixture> {
  fixture = await openCrm(options);
  return fixture;
}

afterEach(async () => {
  await fixture.crm.close();
});

describe('authorization', () => {
  it('gives a token after login and consent, for the account that logged in', async () => {
    const { client, call } = await open();
    const { redirectUrl } = await client.consent(GRACE);
    expect(redirectUrl.startsWith(`${REDIRECT_URI}?code=`)).toBe(true);
    expect(new URL(redirectUrl).searchParams.get('state')).toBe(client.state);

    const { status, body } = await client.exchange(redirectUrl);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 60 });
    const me = await call('/me', { token: String(body['access_token']) });
    expect(await me.json()).toEqual({
      id: 'grace',
      name: 'Grace Parallel',
      email: 'grace@parallel.example',
    });
  });

  it('refuses a request without PKCE', async () => {
    const { client } = await open();
    const changes = { code_challenge: undefined, code_challenge_method: undefined };
    const { redirectUrl } = await client.consent(ADA, changes);
    const answer = new URL(redirectUrl).searchParams;
    expect(answer.get('error')).toBe('invalid_request');
    expect(answer.get('code')).toBeNull();
  });

  it('refuses PKCE by the plain method', async () => {
    const { client } = await open();
    const changes = { code_challenge: client.verifier, code_challenge_method: 'plain' };
    const { redirectUrl } = await client.consent(ADA, changes);
    expect(new URL(redirectUrl).searchParams.get('error')).toBe('invalid_request');
  });

  it('refuses a code with the wrong verifier', async () => {
    const { client } = await open();
    const { redirectUrl } = await client.consent(ADA);
    const answer = await client.exchange(redirectUrl, 'x'.repeat(43));
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('takes a code only once', async () => {
    const { client, call } = await open();
    const { redirectUrl } = await client.consent(ADA);
    const { body } = await client.exchange(redirectUrl);
    const again = await client.exchange(redirectUrl);
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await call('/me', { token: String(body['access_token']) })).status).toBe(401);
  });

  it('shows the login page again for a wrong password', async () => {
    const { client } = await open();
    const walk = client.consent({ username: 'ada', password: 'wrong' });
    await expect(walk).rejects.toThrow('User name or password is wrong.');
  });

  it('sends the user back with access_denied when consent is refused', async () => {
    const { client, crm } = await open();
    const { redirectUrl } = await client.consent({ ...ADA, decision: 'deny' });
    const answer = new URL(redirectUrl).searchParams;
    expect([answer.get('error'), answer.get('state')]).toEqual(['access_denied', client.state]);
    expect(crm.report().consents).toEqual({ given: 0, refused: 1 });
  });

  it('shows its pages only to the browser that began', async () => {
    const { client } = await open();
    const first = await fetch(client.authorizationUrl(), { redirect: 'manual' });
    const page = new URL(first.headers.get('location') ?? '', client.authorizationUrl());
    const stranger = await fetch(page, { redirect: 'manual' });
    expect(stranger.status).toBe(400);
    expect(await stranger.json()).toMatchObject({ error: { code: 'unknown_interaction' } });
  });

  it('redirects only to a registered address, which can be registered later', async () => {
    const { client, call } = await open();
    const redirectUri = 'http://127.0.0.1:10/elsewhere';
    const url = client.authorizationUrl({ redirect_uri: redirectUri });
    const refused = await fetch(url, { redirect: 'manual' });
    expect([refused.status, refused.headers.get('location')]).toEqual([400, null]);

    await call('/__control/redirect-uris', { body: { redirectUris: [redirectUri] } });
    const { redirectUrl } = await client.consent(ADA, { redirect_uri: redirectUri });
    expect(redirectUrl.startsWith(`${redirectUri}?code=`)).toBe(true);
  });
});

describe('tokens', () => {
  it('rotates the refresh token', async () => {
    const { client, call, connect } = await open();
    const { access, refresh } = await connect();
    const { status, body } = await client.refresh(refresh);
    expect(status).toBe(200);
    expect(body['refresh_token']).not.toBe(refresh);
    expect(body['access_token']).not.toBe(access);
    expect((await call('/me', { token: String(body['access_token']) })).status).toBe(200);
  });

  it('takes a second use of a refresh token for theft and revokes the whole family', async () => {
    const { client, crm, call, connect } = await open();
    const { refresh } = await connect();
    const { body } = await client.refresh(refresh);

    const reuse = await client.refresh(refresh);
    expect(reuse).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const successor = await client.refresh(body['refresh_token']);
    expect(successor).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await call('/me', { token: String(body['access_token']) })).status).toBe(401);
    expect(crm.report()).toMatchObject({
      refreshReuseDetections: 1,
      tokenRequests: {
        authorization_code: { granted: 1, refused: 0 },
        refresh_token: { granted: 1, refused: 2 },
      },
    });
  });

  it('lets access tokens expire', async () => {
    const { client, call, connect } = await open({ accessTokenTtlSeconds: 1 });
    const { access, refresh } = await connect();
    // It may have expired by now: that tokens are taken before is tested with ones that live longer.
    let late = await call('/me', { token: access });
    while (late.status === 200) {
      await sleep(100);
      late = await call('/me', { token: access });
    }
    expect(late.status).toBe(401);
    expect(late.headers.get('www-authenticate')).toContain('invalid_token');
    expect((await client.refresh(refresh)).status).toBe(200);
  });

  it('expires all access tokens on demand and keeps the refresh tokens', async () => {
    const { client, call, connect } = await open();
    const { access, refresh } = await connect();
    const answer = await call('/__control/tokens/expire', { body: {} });
    expect(await answer.json()).toEqual({ expired: 1 });
    expect((await call('/me', { token: access })).status).toBe(401);
    expect((await client.refresh(refresh)).status).toBe(200);
  });

  it('revokes and introspects', async () => {
    const { client, crm, call, connect } = await open();
    const { access, refresh } = await connect();
    const live = await client.present(crm.introspectionUrl, access);
    expect(live.body).toMatchObject({ active: true, sub: 'ada' });

    expect((await client.present(crm.revocationUrl, refresh)).status).toBe(200);
    expect((await client.refresh(refresh)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await call('/me', { token: access })).status).toBe(401);
    expect((await client.present(crm.introspectionUrl, access)).body).toEqual({ active: false });
    expect(crm.report().revocations).toBe(1);
  });

  it('can be out of order for a while without spending the refresh token', async () => {
    const { client, call, connect } = await open();
    const { refresh } = await connect();
    await call('/__control/faults', { body: { token: { failNext: 1 } } });
    expect((await client.refresh(refresh)).status).toBe(503);
    expect((await client.refresh(refresh)).status).toBe(200);
  });

  it('allows only what the scope says', async () => {
    const { call, connect } = await open();
    const { access } = await connect(ADA, 'contacts.read');
    expect((await call('/contacts', { token: access })).status).toBe(200);
    const body = { name: 'Elsewhere' };
    const patch = { token: access, method: 'PATCH', body };
    const refused = await call('/contacts/place-3039154', patch);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: { code: 'insufficient_scope' } });
  });
});
