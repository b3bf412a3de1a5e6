import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startScriptedServer } from './scripted-server.js';
import type { ScriptedServer } from './scripted-server.js';

describe('startScriptedServer', () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await startScriptedServer(({ path }) => ({ body: { handled: path } }));
  });
  afterEach(() => server.close());

  it('answers what was planned, then asks the handler', async () => {
    server.enqueue({ status: 503, headers: { 'retry-after': '2' } });
    const planned = await fetch(`${server.url}/a?x=1`, { method: 'POST', body: 'ä' });
    expect([planned.status, planned.headers.get('retry-after')]).toEqual([503, '2']);
    const handled = await fetch(`${server.url}/b`);
    expect(await handled.json()).toEqual({ handled: '/b' });
    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/a', body: 'ä' },
      { method: 'GET', path: '/b', body: '' },
    ]);
    expect(server.requests[0]?.query.get('x')).toBe('1');
  });

  it('drops connections before and within an answer', async () => {
    server.enqueue({ drop: 'before-answer' }, { drop: 'mid-answer', body: 'x'.repeat(1_000) });
    await expect(fetch(server.url)).rejects.toThrow();
    const cut = await fetch(server.url);
    expect(cut.status).toBe(200);
    await expect(cut.text()).rejects.toThrow();
  });

  it('says when nothing was planned', async () => {
    const strict = await startScriptedServer();
    expect((await fetch(strict.url)).status).toBe(501);
    await strict.close();
  });
});
