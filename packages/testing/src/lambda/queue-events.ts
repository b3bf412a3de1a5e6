import { createHash } from 'node:crypto';

/** One message of an {@link sqsEvent}. */
export interface SqsMessageInput {
  /** A string is sent as it is, everything else as JSON. */
  readonly body: unknown;
  readonly messageId?: string;
  /** Default: 1. */
  readonly receiveCount?: number;
  /** Makes it a FIFO message. */
  readonly messageGroupId?: string;
  readonly deduplicationId?: string;
  /** String attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One record as Lambda delivers it. */
export interface SqsRecordFixture {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    readonly SenderId: string;
    readonly ApproximateFirstReceiveTimestamp: string;
    readonly MessageGroupId?: string;
    readonly MessageDeduplicationId?: string;
    readonly SequenceNumber?: string;
  };
  readonly messageAttributes: Record<
    string,
    {
      readonly stringValue: string;
      readonly dataType: 'String';
      readonly stringListValues: never[];
      readonly binaryListValues: never[];
    }
  >;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** What an event source mapping hands to a function. */
export interface SqsEventFixture {
  readonly Records: SqsRecordFixture[];
}

const SENT = '1767225600000';

function record(message: SqsMessageInput, index: number, queueName: string): SqsRecordFixture {
  const body = typeof message.body === 'string' ? message.body : JSON.stringify(message.body);
  const messageId = message.messageId ?? `message-${index + 1}`;
  const { messageGroupId } = message;
  return {
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount ?? 1),
      SentTimestamp: SENT,
      SenderId: '000000000000',
      ApproximateFirstReceiveTimestamp: SENT,
      ...(messageGroupId !== undefined && {
        MessageGroupId: messageGroupId,
        MessageDeduplicationId: message.deduplicationId ?? messageId,
        SequenceNumber: String(index + 1).padStart(20, '0'),
      }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes ?? {}).map(([name, stringValue]) => [
        name,
        { stringValue, dataType: 'String', stringListValues: [], binaryListValues: [] },
      ]),
    ),
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName}`,
    awsRegion: 'us-east-1',
  };
}

/** An SQS event with one record per message, in their order. */
export function sqsEvent(
  messages: readonly SqsMessageInput[],
  queueName = 'queue',
): SqsEventFixture {
  return { Records: messages.map((message, index) => record(message, index, queueName)) };
}

/** An EventBridge event of a schedule. */
export interface ScheduledEventFixture {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Scheduled Event';
  readonly source: 'aws.events' | 'aws.scheduler';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: string[];
  readonly detail: unknown;
}

/** What an EventBridge rule, or with `source: 'aws.scheduler'` EventBridge Scheduler, sends when its time has come. */
export function scheduledEvent(
  input: {
    readonly id?: string;
    readonly at?: Date;
    readonly name?: string;
    readonly source?: 'aws.events' | 'aws.scheduler';
    readonly detail?: unknown;
  } = {},
): ScheduledEventFixture {
  const { name = 'nightly', source = 'aws.events' } = input;
  const at = input.at ?? new Date(Number(SENT));
  const resource =
    source === 'aws.events'
      ? `events:us-east-1:000000000000:rule/${name}`
      : `scheduler:us-east-1:000000000000:schedule/default/${name}`;
  return {
    version: '0',
    id: input.id ?? '00000000-0000-4000-8000-000000000001',
    'detail-type': 'Scheduled Event',
    source,
    account: '000000000000',
    time: `${at.toISOString().slice(0, 19)}Z`,
    region: 'us-east-1',
    resources: [`arn:aws:${resource}`],
    detail: input.detail ?? {},
  };
}

/** What a handler reads of its context, with a deadline that really approaches. */
export interface LambdaContextFixture {
  awsRequestId: string;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  callbackWaitsForEmptyEventLoop?: boolean;
  getRemainingTimeInMillis(): number;
}

/** A context for calling a handler directly, with `timeoutMs` (default 30,000) left from now. */
export function lambdaContext(
  input: { readonly requestId?: string; readonly timeoutMs?: number } = {},
): LambdaContextFixture {
  const deadline = performance.now() + (input.timeoutMs ?? 30_000);
  return {
    awsRequestId: input.requestId ?? 'invocation-1',
    functionName: 'function',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:function',
    memoryLimitInMB: '256',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
}
