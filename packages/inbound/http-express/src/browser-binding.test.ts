import { describe, expect, it } from '@jest/globals';
import express from 'express';
import type { Request } from 'express';
import request from 'supertest';
import { browserBindingOf, clearBrowserBinding, setBrowserBinding } from './browser-binding.js';

function stateOf({ query }: Request): string {
  return typeof query['state'] === 'string' ? query['state'] : '';
}

function app(secure: boolean): express.Express {
  const server = express();
  server.get('/start', (incoming, response) => {
    const state = stateOf(incoming);
    const authorizationUrl = `https://provider.example/authorize?state=${state}`;
    setBrowserBinding(
      response,
      { authorizationUrl, browserBinding: `binding=of ${state}` },
      { secure },
    );
    response.end();
  });
  server.get('/api/connections/callback', (incoming, response) => {
    const state = stateOf(incoming);
    clearBrowserBinding(response, state);
    response.json({ binding: browserBindingOf(incoming, state) ?? null });
  });
  return server;
}

describe('browser binding', () => {
  it('comes back from the browser that got it, for its own state only', async () => {
    const browser = request.agent(app(false));
    await browser.get('/start?state=aaaaaaaaaaaaaaaaaaaa');
    await browser.get('/start?state=bbbbbbbbbbbbbbbbbbbb');
    const first = await browser.get('/api/connections/callback?state=aaaaaaaaaaaaaaaaaaaa');
    expect(first.body).toEqual({ binding: 'binding=of aaaaaaaaaaaaaaaaaaaa' });
    const again = await browser.get('/api/connections/callback?state=aaaaaaaaaaaaaaaaaaaa');
    expect(again.body).toEqual({ binding: null });
    const second = await browser.get('/api/connections/callback?state=bbbbbbbbbbbbbbbbbbbb');
    expect(second.body).toEqual({ binding: 'binding=of bbbbbbbbbbbbbbbbbbbb' });
    const other = await request(app(false)).get(
      '/api/connections/callback?state=bbbbbbbbbbbbbbbbbbbb',
    );
    expect(other.body).toEqual({ binding: null });
  });

  it('cannot be read by scripts, and is secure behind https', async () => {
    const answer = await request(app(true)).get('/start?state=cccccccccccccccccccc');
    const [cookie] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/Secure/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).toMatch(/Path=\/api\/connections\/callback/);
    expect(cookie).toMatch(/Max-Age=600/);
  });
});
