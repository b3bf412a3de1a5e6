import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import type { LookupFunction } from 'node:net';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createUndiciHttpClient } from './create-undici-http-client.js';
import { serve, type Loopback } from './loopback.fixture.js';

let server: Loopback;

beforeEach(async () => {
  server = await serve((_request, response) => response.end('reached'));
});

afterEach(async () => {
  await server.close();
});

const get = (url: string) => ({ method: 'GET', url, timeoutMs: 2_000 });

describe('connections under the policy', () => {
  it('refuses names that lead to loopback, unless they are named', async () => {
    const url = `http://localhost:${server.port}/`;
    const strict = createUndiciHttpClient();
    await expect(strict.send(get(url))).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
    await expect(strict.send(get(`${server.origin}/`))).rejects.toMatchObject({
      code: 'EGRESS_REFUSED',
    });
    const otherPort = createUndiciHttpClient({ egress: { allow: ['localhost:1'] } });
    await expect(otherPort.send(get(url))).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
    expect(server.connections()).toBe(0);
    const named = createUndiciHttpClient({ egress: { allow: [`localhost:${server.port}`] } });
    expect((await named.send(get(url))).text()).toBe('reached');
    const ranged = createUndiciHttpClient({ egress: { allow: ['127.0.0.0/8', '::1/128'] } });
    expect((await ranged.send(get(url))).text()).toBe('reached');
    await Promise.all([strict, otherPort, named, ranged].map((client) => client.close()));
  });

  it('connects to the address that was checked, though the name changes its mind', async () => {
    let answers = 0;
    // Public at the first question, loopback at every later one.
    const rebinding: LookupFunction = (_name, _options, callback) => {
      answers += 1;
      const address = answers === 1 ? '192.88.98.1' : '127.0.0.1';
      callback(null, [{ address, family: 4 }]);
    };
    const client = createUndiciHttpClient({ lookup: rebinding, connectTimeoutMs: 200 });
    const url = `http://rebind.example:${server.port}/`;
    const codes: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      codes.push(await client.send(get(url)).catch((e: unknown) => (e as { code: string }).code));
    }
    expect(codes[0]).toMatch(/^HTTP_(CONNECTION_FAILED|TIMEOUT)$/);
    expect(codes.slice(1)).toEqual(['EGRESS_REFUSED', 'EGRESS_REFUSED']);
    expect(server.connections()).toBe(0);
    await client.close();
  });

  it('sends through a proxy and still refuses literal addresses', async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const upstream = connect(server.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const client = createUndiciHttpClient({ proxy: `http://127.0.0.1:${port}` });
    expect((await client.send(get('http://api.example/'))).text()).toBe('reached');
    expect(tunnels).toEqual(['api.example:80']);
    await expect(client.send(get('http://169.254.169.254/'))).rejects.toMatchObject({
      code: 'EGRESS_REFUSED',
    });
    await client.close();
    await new Promise((resolve) => proxy.close(resolve));
  });

  it('refuses unknown options', () => {
    expect(() => createUndiciHttpClient({ egres: {} } as never)).toThrow("did you mean 'egress'");
    expect(() => createUndiciHttpClient({ egress: { alow: [] } as never })).toThrow(
      "did you mean 'allow'",
    );
  });
});
