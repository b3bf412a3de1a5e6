import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createSqsQueue } from '@tenon/queue-sqs';
import type { SqsQueue } from '@tenon/queue-sqs';
import type { PollableQueue } from '@tenon/testing';
import { buildApp } from 'fauxqs';
import type { AddressInfo } from 'node:net';

/** A queue with its dead-letter queue on an SQS endpoint of its own. */
export interface SqsWorld {
  readonly queue: SqsQueue;
  readonly client: SQSClient;
  readonly url: string;
  /** Logical names: of the queue, and of its dead-letter queue. */
  readonly name: string;
  readonly deadName: string;
  stop(): Promise<void>;
}

interface SqsEndpoint {
  readonly client: SQSClient;
  stop(): Promise<void>;
}

async function startEndpoint(): Promise<SqsEndpoint> {
  const app = buildApp({ logger: false, host: 'localhost' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  const stop = async (): Promise<void> => {
    client.destroy();
    app.server.closeAllConnections();
    await app.close();
  };
  return { client, stop };
}

/** Starts an endpoint with a queue that moves messages to its dead-letter queue after `maxReceives` receives. */
export async function startSqsWorld(maxReceives: number, fifo = false): Promise<SqsWorld> {
  const { client, stop } = await startEndpoint();
  const create = async (QueueName: string, Attributes: Record<string, string>) => {
    const answer = await client.send(
      new CreateQueueCommand({
        QueueName,
        Attributes: { ...Attributes, ...(fifo && { FifoQueue: 'true' }) },
      }),
    );
    return answer.QueueUrl ?? '';
  };
  const suffix = fifo ? '.fifo' : '';
  const [name, deadName] = [`tasks${suffix}`, `tasks-dead${suffix}`];
  const deadUrl = await create(deadName, {});
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['QueueArn'] }),
  );
  const url = await create(name, {
    VisibilityTimeout: '1',
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: Attributes?.QueueArn,
      maxReceiveCount: maxReceives,
    }),
  });
  const queue = createSqsQueue({ client, queues: { [name]: url, [deadName]: deadUrl } });
  return {
    queue,
    client,
    url,
    name,
    deadName,
    stop: async () => {
      await queue.close();
      await stop();
    },
  };
}

/** The queue as the event source mapping polls it. */
export function pollable({ client, url }: SqsWorld): PollableQueue {
  return {
    receive: async (max, waitMs) => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: max,
          WaitTimeSeconds: Math.ceil(waitMs / 1000),
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages.map((message) => ({
        messageId: message.MessageId ?? '',
        receiptHandle: message.ReceiptHandle ?? '',
        body: message.Body ?? '',
        attributes: message.Attributes ?? {},
        messageAttributes: {},
        md5OfBody: message.MD5OfBody ?? '',
      }));
    },
    delete: async (messages) => {
      const Entries = messages.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
      }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
    },
  };
}

/** Waits until `done` says so. */
export async function until(done: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`Not done after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
