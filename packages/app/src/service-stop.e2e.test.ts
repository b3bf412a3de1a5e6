import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createAesEncryptor, generateKey } from '@tenon/encryption-aes';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createNodePlatform } from '@tenon/platform-node';
import { createMemoryQueue } from '@tenon/queue-memory';
import { silentLogger } from '@tenon/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { App } from './app.js';
import { createApp } from './create-app.js';
import { startService } from './service.js';

function makeApp(): App {
  const platform = createNodePlatform();
  const encryptor = createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' });
  return createApp({
    adapters: {
      platform,
      logger: silentLogger,
      encryptor,
      persistence: createMemoryPersistence({ encryptor }),
      queue: createMemoryQueue({ queues: ['default'], clock: platform.clock, ids: platform.ids }),
      http: createUndiciHttpClient(),
    },
    settings: { publicUrl: 'http://127.0.0.1' },
  });
}

/** A client that sends the beginning of a request and nothing more. */
function slowClient(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST /api/login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{', () => {
        resolve(socket);
      });
    });
    socket.once('error', reject);
  });
}

describe('stopping a service', () => {
  let socket: Socket | null = null;

  afterEach(() => {
    socket?.destroy();
  });

  it('does not wait for ever for a client that never ends its request', async () => {
    const service = await startService(makeApp(), { port: 0, host: '127.0.0.1', graceMs: 300 });
    socket = await slowClient(service.port ?? 0);
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket?.once('close', resolve));
    const began = performance.now();
    await service.stop();
    await closed;
    expect(performance.now() - began).toBeLessThan(5_000);
  }, 15_000);
});
