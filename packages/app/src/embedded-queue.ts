import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { MisconfiguredError, UnavailableError } from '@tenon/core';

/** An SQS endpoint of our own, on a free loopback port. It keeps messages in memory and ends with its parent. */
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
  readonly startTimeoutMs?: number;
}

const REGION = 'us-east-1';

// The endpoint's own start function listens on all addresses; this listens on loopback, and ends when its input does.
const PROGRAM = `
import { buildApp } from 'fauxqs';
const app = buildApp({ logger: false, host: 'localhost' });
await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(JSON.stringify({ port: app.server.address().port }) + '\\n');
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
`;

function firstLine(child: ChildProcess, timeoutMs: number): Promise<string> {
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
    if (child.stdout)
      createInterface(child.stdout).once('line', (line) => {
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
  endpoint: string,
  options: EmbeddedQueueOptions,
): Promise<Record<string, string>> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint, region: REGION, credentials });
  try {
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
  } finally {
    client.destroy();
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.stdin?.end();
  });
}

/**
 * Starts an SQS endpoint as a child process, with the queues and a dead-letter queue for each.
 * @throws MisconfiguredError when the package is missing; TenonError `EMBEDDED_QUEUE_FAILED`.
 */
export async function startEmbeddedQueue(options: EmbeddedQueueOptions): Promise<EmbeddedQueue> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  try {
    const { port } = JSON.parse(await firstLine(child, options.startTimeoutMs ?? 20_000)) as {
      port: number;
    };
    const endpoint = `http://127.0.0.1:${port}`;
    const queues = await createQueues(endpoint, options);
    return { endpoint, region: REGION, queues, stop: () => end(child) };
  } catch (error) {
    await end(child);
    throw error;
  }
}
