import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AddressInfo } from 'node:net';
import { buildApp } from 'fauxqs';

/** An SQS endpoint on a free loopback port, for one file of tests. */
export interface SqsEndpoint {
  readonly endpoint: string;
  readonly port: number;
  readonly client: SQSClient;
  /** Creates queues and answers their URLs by name. */
  create(...names: string[]): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export const region = 'us-east-1';
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Starts an endpoint; `port` brings one back to where it was. */
export async function startSqsEndpoint(port = 0): Promise<SqsEndpoint> {
  const app = buildApp({ logger: false, host: 'localhost' });
  await app.listen({ port, host: '127.0.0.1' });
  const address = app.server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${address.port}`;
  const client = new SQSClient({ endpoint, region, credentials });
  return {
    endpoint,
    port: address.port,
    client,
    create: async (...names) => {
      const urls = await Promise.all(
        names.map(async (QueueName) => {
          const fifo: Record<string, string> = QueueName.endsWith('.fifo')
            ? { FifoQueue: 'true' }
            : {};
          const answer = await client.send(new CreateQueueCommand({ QueueName, Attributes: fifo }));
          return [QueueName, answer.QueueUrl ?? ''] as const;
        }),
      );
      return Object.fromEntries(urls);
    },
    stop: async () => {
      client.destroy();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
