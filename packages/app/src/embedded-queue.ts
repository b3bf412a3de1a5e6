import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { MisconfiguredError, UnavailableError } from '@tenon/core';
import { QueueJournal } from './queue-journal.js';
import type { QueueCall } from './queue-journal.js';

/** An SQS endpoint of our own, on a free loopback port. It ends with its parent. */
export interface EmbeddedQueue {
  readonly endpoint: string;
  readonly region: string;
  /** URL of each queue by logical name, as `createSqsQueue` takes them. */
  readonly queues: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Options of {@link startEmbeddedQueue}. */
export interface EmbeddedQueueOptions {
  readonly queues: readonly string[];
  /** Visibility time-out of the queues, in seconds. Default: 60. */
  readonly visibilitySeconds?: number;
  /** Receives before a message moves to `<queue>-dead`. Default: 50. */
  readonly maxReceives?: number;
  /** Keeps messages for the next start; without it they are in memory alone. */
  readonly journalFile?: string;
  readonly startTimeoutMs?: number;
}

const REGION = 'us-east-1';

/** Longest delay of a message that SQS takes. */
const MAX_DELAY_SECONDS = 900;

// The endpoint's own start function listens on all addresses; this listens on loopback, and ends when its input does. Every call
// that changes what is kept is told before it is answered.
const PROGRAM = `
import { buildApp } from 'fauxqs';
const app = buildApp({ logger: false, host: 'localhost' });
const TOLD = /\\.(SendMessageBatch|ReceiveMessage|DeleteMessageBatch)$/;
const parse = (value) => (typeof value === 'string' ? JSON.parse(value) : value);
if (process.argv[1] === 'tell') app.addHook('onSend', async (request, reply, payload) => {
  const action = TOLD.exec(request.headers['x-amz-target'] ?? '')?.[1];
  if (!action || reply.statusCode !== 200) return payload;
  const call = { action, request: parse(request.body), answer: payload ? parse(payload) : {} };
  process.stdout.write(JSON.stringify(call) + '\\n');
  return payload;
});
await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(JSON.stringify({ port: app.server.address().port }) + '\\n');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
`;

function firstLine(child: ChildProcess, lines: Interface, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    const fail = (reason: string): void => {
      const missing = stderr.includes('ERR_MODULE_NOT_FOUND');
      reject(
        missing
          ? new MisconfiguredError(
              "The embedded queue needs the package 'fauxqs': npm install --save-dev fauxqs@1",
            )
          : new UnavailableError(
              'EMBEDDED_QUEUE_FAILED',
              `The embedded queue did not start: ${reason}. ${stderr.slice(-500)}`,
            ),
      );
    };
    const timer = setTimeout(() => {
      fail(`no answer within ${timeoutMs} ms`);
    }, timeoutMs);
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`it ended with ${code ?? 'a signal'}`);
    });
    lines.once('line', (line) => {
      clearTimeout(timer);
      resolve(line);
    });
  });
}

async function createQueue(
  client: SQSClient,
  name: string,
  attributes: Record<string, string>,
): Promise<string> {
  const fifo: Record<string, string> = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  const answer = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes, ...fifo } }),
  );
  return answer.QueueUrl ?? '';
}

/** Name of the queue that keeps what was received too often. */
function deadName(name: string): string {
  return name.endsWith('.fifo') ? `${name.slice(0, -'.fifo'.length)}-dead.fifo` : `${name}-dead`;
}

async function createQueues(
  client: SQSClient,
  options: EmbeddedQueueOptions,
): Promise<Record<string, string>> {
  const urls: Record<string, string> = {};
  for (const name of options.queues) {
    const deadUrl = await createQueue(client, deadName(name), {});
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['QueueArn'] }),
    );
    urls[name] = await createQueue(client, name, {
      VisibilityTimeout: String(options.visibilitySeconds ?? 60),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: Attributes?.QueueArn,
        maxReceiveCount: options.maxReceives ?? 50,
      }),
    });
  }
  return urls;
}

/** What the time before left; that of a queue which the app does not have now stays in the journal. */
async function sendAnew(
  client: SQSClient,
  queues: Readonly<Record<string, string>>,
  journal: QueueJournal,
): Promise<void> {
  for (const { id, queue, body, dueAt, groupId, deduplicationId } of journal.kept) {
    const QueueUrl = queues[queue];
    if (QueueUrl === undefined) continue;
    const waitSeconds = Math.max(0, Math.ceil((dueAt - Date.now()) / 1_000));
    const order = { MessageGroupId: groupId, MessageDeduplicationId: deduplicationId };
    const entry = {
      Id: '0',
      MessageBody: body,
      ...(groupId === undefined
        ? { DelaySeconds: Math.min(waitSeconds, MAX_DELAY_SECONDS) }
        : order),
    };
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [entry] }));
    journal.forget(id);
  }
}

async function prepare(
  endpoint: string,
  options: EmbeddedQueueOptions,
  journal: QueueJournal | null,
): Promise<Record<string, string>> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint, region: REGION, credentials });
  try {
    const queues = await createQueues(client, options);
    if (journal) await sendAnew(client, queues, journal);
    return queues;
  } finally {
    client.destroy();
  }
}

/** Resolves when it has ended and everything that it told was read. */
function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end();
  return ended;
}

function program(options: EmbeddedQueueOptions): readonly string[] {
  const told = options.journalFile === undefined ? [] : ['--', 'tell'];
  return ['--input-type=module', '--eval', PROGRAM, ...told];
}

/**
 * Starts an SQS endpoint as a child process, with the queues and a dead-letter queue for each.
 * @throws MisconfiguredError when the package is missing; TenonError `EMBEDDED_QUEUE_FAILED`.
 */
export async function startEmbeddedQueue(options: EmbeddedQueueOptions): Promise<EmbeddedQueue> {
  const { journalFile, startTimeoutMs = 20_000 } = options;
  const journal = journalFile === undefined ? null : new QueueJournal(journalFile);
  const child = spawn(process.execPath, program(options), { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', resolve));
  const lines = createInterface(child.stdout);
  try {
    const { port } = JSON.parse(await firstLine(child, lines, startTimeoutMs)) as { port: number };
    lines.on('line', (line) => journal?.note(JSON.parse(line) as QueueCall, Date.now()));
    const endpoint = `http://127.0.0.1:${port}`;
    const queues = await prepare(endpoint, options, journal);
    return { endpoint, region: REGION, queues, stop: () => end(child, ended) };
  } catch (error) {
    await end(child, ended);
    throw error;
  }
}
