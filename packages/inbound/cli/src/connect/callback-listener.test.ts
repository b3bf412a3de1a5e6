import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { CallbackListener } from './callback-listener.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function open(port: number | null): Promise<CallbackListener> {
  const listener = await CallbackListener.open(port);
  closing.push(() => listener.close());
  return listener;
}

function get({ origin }: CallbackListener, path: string): Promise<Response> {
  const { port } = new URL(origin);
  return fetch(`http://127.0.0.1:${port}${path}`);
}

describe('the local callback', () => {
  it('answers nothing but its path and its state', async () => {
    const listener = await open(0);
    expect((await get(listener, '/')).status).toBe(404);
    expect((await get(listener, '/api/connections/callback?state=s')).status).toBe(400);
    let strays = 0;
    const waiting = listener.wait('mine', () => {
      strays += 1;
    });
    expect((await get(listener, '/api/connections/callback?state=other&code=c')).status).toBe(400);
    expect((await get(listener, '/api/connections/callback?code=c')).status).toBe(400);
    expect(strays).toBe(2);
    const page = get(listener, '/api/connections/callback?state=mine&code=c');
    const { parameters, answer } = await waiting;
    expect(parameters).toEqual({ code: 'c' });
    answer(true);
    expect(await (await page).text()).toContain('Connected.');
    // Spent: it is taken once.
    expect((await get(listener, '/api/connections/callback?state=mine&code=c')).status).toBe(400);
  });

  it('names a port that is in use, and takes a free one when none was asked for', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => holder.close(() => resolve())));
    const { port } = holder.address() as AddressInfo;
    await expect(open(port)).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
      message: expect.stringContaining(`Port ${port} is in use`),
    });
    const [one, other] = [await open(null), await open(null)];
    expect(one.origin).not.toBe(other.origin);
  });
});
