import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpClient } from '@tenon/core';

import { recordHttp, replayHttp } from './recordings.js';
import { startScriptedServer } from './scripted-server.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenon-recordings-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The least that asks a network. */
const fetching: HttpClient = {
  send: async ({ method, url, headers = {}, body = '' }) => {
    const answer = await fetch(url, { method, headers, body });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const text = (): string => Buffer.from(bytes).toString();
    const json = (): unknown => JSON.parse(text());
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      bytes,
      text,
      json,
    };
  },
  close: () => Promise.resolve(),
};

describe('recordings in tests', () => {
  it('of real answers are replayed without a network', async () => {
    const server = await startScriptedServer(({ path, body }) => ({ body: { path, body } }));
    const file = join(folder, 'calls.jsonl');
    const http = recordHttp(fetching, {
      secrets: ['canary-in-the-body'],
      secretNames: ['hapi'],
    });
    const call = (secret: string) => ({
      method: 'POST',
      url: `${server.url}/orders?hapi=${secret}`,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 1, said: secret }),
      timeoutMs: 30_000,
    });
    const first = await http.send(call('canary-in-the-body'));
    http.save(file);
    await http.close();
    await server.close();
    expect(first.status).toBe(200);
    expect(readFileSync(file, 'utf8')).not.toContain('canary');

    const replay = replayHttp(file, { secrets: ['of-the-test'] });
    expect(replay.left).toEqual([`POST ${server.url}/orders?hapi=[secret]`]);
    const again = await replay.send(call('of-the-test'));
    expect(again.json()).toMatchObject({ path: '/orders' });
    expect(replay.left).toEqual([]);
    expect(() => replayHttp(file, { secret: [] } as object)).toThrow("mean 'secrets'?");
  });
});
