import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import type {
  HttpEventInput,
  LambdaOutcome,
  LambdaRuntime,
  PollableQueue,
  PolledMessage,
} from '@tenon/testing';
import type { EmbeddedQueue } from './embedded-queue.js';

/** What a function answered to a gateway. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly body: string;
}

/** What a function returned. @throws Error with what it threw. */
export function resultOf<Result>(outcome: LambdaOutcome): Result {
  if (!outcome.ok) throw new Error(`${outcome.error.errorType}: ${outcome.error.errorMessage}`);
  return outcome.result as Result;
}

/** Calls the API as one kind of gateway does. */
export function caller(api: LambdaRuntime, makeEvent: (input: HttpEventInput) => unknown) {
  const call = async (input: HttpEventInput): Promise<HttpAnswer> =>
    resultOf<HttpAnswer>(await api.invoke(makeEvent(input)));
  /** The body of a call that must succeed. */
  const ok = async <Body>(input: HttpEventInput): Promise<Body> => {
    const answer = await call(input);
    if (answer.statusCode >= 300)
      throw new Error(
        `${input.path ?? ''} answered ${answer.statusCode}: ${answer.body}\n${api.log.slice(-2000)}`,
      );
    return JSON.parse(answer.body) as Body;
  };
  return { call, ok };
}

function toPolled(message: Message): PolledMessage {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: message.Attributes ?? {},
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
  };
}

/** The default queue of an app and its dead letters, as an operator sees them. */
export interface OperatorQueue {
  readonly pollable: PollableQueue;
  send(body: string): Promise<void>;
  /** Bodies of the messages that the queue gave up. */
  deadBodies(): Promise<string[]>;
  /** Messages that wait or are hidden. */
  count(): Promise<number>;
  close(): void;
}

/** Opens a queue of the embedded endpoint. */
export function operatorQueue(queue: EmbeddedQueue): OperatorQueue {
  const { endpoint, region } = queue;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint, region, credentials });
  const QueueUrl = queue.queues['default'] ?? '';
  const receive = async (url: string, max: number, waitMs: number) => {
    const answer = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: Math.ceil(waitMs / 1000),
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return (answer.Messages ?? []).map(toPolled);
  };
  return {
    pollable: {
      receive: (max, waitMs) => receive(QueueUrl, max, waitMs),
      delete: async (messages) => {
        const Entries = messages.map(({ messageId, receiptHandle }) => ({
          Id: messageId,
          ReceiptHandle: receiptHandle,
        }));
        await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      },
    },
    send: async (body) => {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    },
    deadBodies: async () => (await receive(`${QueueUrl}-dead`, 10, 0)).map(({ body }) => body),
    count: async () => {
      const { Attributes: counts = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      return (
        Number(counts.ApproximateNumberOfMessages) +
        Number(counts.ApproximateNumberOfMessagesNotVisible)
      );
    },
    close: () => client.destroy(),
  };
}
