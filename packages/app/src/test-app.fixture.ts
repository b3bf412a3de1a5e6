import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAesEncryptor } from '@tenon/encryption-aes';
import { createUndiciHttpClient } from '@tenon/http-undici';
import { createMemoryPersistence } from '@tenon/persistence-memory';
import { createNodePlatform } from '@tenon/platform-node';
import { createMemoryQueue } from '@tenon/queue-memory';
import { recordingLogger } from '@tenon/testing';
import type { RecordingLogger } from '@tenon/testing';
import { generateKey } from '@tenon/encryption-aes';
import { secret } from '@tenon/core';
import type { Connector, Integration, Persistence, Queue, ServiceActivity } from '@tenon/core';
import type { App } from './app.js';
import { createApp } from './create-app.js';
import { queuesOf } from './queues.js';

/** Key of the back end in tests. */
export const APP_KEY = 'app-key-of-the-tests-0123456789abcdef';
/** Key of `/health/detailed` in tests. */
export const HEALTH_KEY = 'health-key-of-the-tests';

/** An app that serves its API on a loopback port. */
export interface TestApp {
  readonly app: App;
  readonly url: string;
  readonly logger: RecordingLogger;
  /** Handles what is on the queues until nothing is left. Answers how many messages there were. */
  drain(): Promise<number>;
  close(): Promise<void>;
}

/** What a test may replace. */
export interface TestAppOptions {
  readonly integrations: readonly Integration[];
  readonly connectors?: readonly Connector[];
  readonly persistence?: Persistence;
  readonly queue?: Queue;
  readonly onActivity?: (activity: ServiceActivity) => void;
}

async function drain(app: App): Promise<number> {
  const { queue, logger } = app.adapters;
  const signal = new AbortController().signal;
  let handled = 0;
  for (const name of app.queues) {
    for (;;) {
      const messages = await queue.receive({
        queue: name,
        max: 10,
        waitMs: 50,
        visibilityMs: 30_000,
      });
      if (messages.length === 0) break;
      for (const message of messages) {
        const outcome = await app.commands.jobs.process(
          { requestId: 'drain', actor: 'system', logger },
          {
            body: message.body,
            queue: name,
            messageId: message.id,
            groupId: message.groupId ?? null,
            receiveCount: message.receiveCount,
            signal,
          },
        );
        handled += 1;
        if (outcome.decision === 'ack') await queue.acknowledge(name, [message]);
        else await queue.release(name, [message], outcome.delayMs);
      }
    }
  }
  return handled;
}

/** Starts an app with memory adapters, real cryptography and real HTTP. */
export async function startTestApp(options: TestAppOptions): Promise<TestApp> {
  const platform = createNodePlatform();
  const logger = recordingLogger();
  const encryptor = createAesEncryptor({ keys: { k1: generateKey() }, writingKeyId: 'k1' });
  let app: App | null = null;
  const server = createServer((request, response) => {
    void app?.api().then((listener) => {
      listener(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const queues = queuesOf(options.integrations);
  const made = createApp({
    adapters: {
      platform,
      logger,
      encryptor,
      persistence: options.persistence ?? createMemoryPersistence({ encryptor }),
      queue:
        options.queue ?? createMemoryQueue({ queues, clock: platform.clock, ids: platform.ids }),
      http: createUndiciHttpClient({ egress: { allow: ['127.0.0.1'] } }),
    },
    settings: {
      publicUrl: url,
      appKeys: [{ id: 'test', key: secret(APP_KEY) }],
      healthKey: secret(HEALTH_KEY),
      returnUrls: ['https://product.example/settings'],
    },
    integrations: options.integrations,
    ...(options.connectors && { connectors: options.connectors }),
    ...(options.onActivity && { onActivity: options.onActivity }),
  });
  app = made;
  return {
    app: made,
    url,
    logger,
    drain: () => drain(made),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await made.close();
    },
  };
}
