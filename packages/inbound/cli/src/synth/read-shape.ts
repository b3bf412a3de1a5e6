import type { AppShape, QueueShape } from '@tenon/core';
import { workerName } from '../build/function-entries.js';
import type { FunctionEntry } from '../build/function-entries.js';
import { AppError } from '../cli.errors.js';
import type { FunctionRole, FunctionShape, ServerlessShape } from './serverless-shape.js';

const LAMBDA_SECONDS = 900;
/** From the end of a job's time to the end of the function's. */
const MARGIN_SECONDS = 30;
const QUEUE = /^[A-Za-z0-9_-]{1,64}(\.fifo)?$/;

// The gateways wait for 29 seconds.
const SECONDS = { api: 29, websocket: 29, schedule: 120, migrate: LAMBDA_SECONDS, other: 60 };

function roleOf({ name, queue }: FunctionEntry): FunctionRole {
  if (queue !== null) return 'worker';
  return name === 'api' || name === 'schedule' || name === 'migrate' || name === 'websocket'
    ? name
    : 'other';
}

function workerSeconds({ name, jobTimeoutMs }: QueueShape): number {
  const seconds = Math.ceil(jobTimeoutMs / 1000) + MARGIN_SECONDS;
  if (seconds <= LAMBDA_SECONDS) return seconds;
  throw new AppError(
    'APP_INVALID',
    `A job of the queue '${name}' may take ${Math.ceil(jobTimeoutMs / 1000)} s; a function ends after ${LAMBDA_SECONDS} s, ` +
      `so that its timeoutMs must be at most ${(LAMBDA_SECONDS - MARGIN_SECONDS) * 1000}. Split it into shorter jobs`,
  );
}

function requireWorkers(queues: readonly QueueShape[], entries: readonly FunctionEntry[]): void {
  for (const { name } of queues) {
    if (!QUEUE.test(name)) {
      throw new AppError(
        'APP_INVALID',
        `'${name.slice(0, 100)}' is no name for a queue on SQS: use letters, digits, dashes and underscores, at most 64, then '.fifo' where it is one`,
      );
    }
    if (!entries.some(({ queue }) => queue === name)) {
      throw new AppError(
        'APP_INVALID',
        `No function works on the queue '${name}': make src/workers/${name}.ts, which exports createJobHandler({ queueName: '${name}', … }) as handler`,
      );
    }
  }
}

/** What a template is made from. */
export interface ShapeSource {
  readonly name: string;
  readonly runtime: ServerlessShape['runtime'];
  readonly app: AppShape;
  readonly entries: readonly FunctionEntry[];
}

/**
 * Puts together what the app's definition and its modules say.
 * @throws AppError `APP_INVALID` when a queue has no worker, or a job takes longer than a function may.
 */
export function readShape({ name, runtime, app, entries }: ShapeSource): ServerlessShape {
  requireWorkers(app.queues, entries);
  const seconds = new Map(
    app.queues.map((queue) => [workerName(queue.name), workerSeconds(queue)]),
  );
  const functions = entries.map((entry): FunctionShape => {
    const role = roleOf(entry);
    const timeoutSeconds =
      role === 'worker' ? (seconds.get(entry.name) ?? SECONDS.other) : SECONDS[role];
    return { name: entry.name, role, queue: entry.queue, timeoutSeconds };
  });
  // A worker may be there for messages that no job of the app sends.
  const others = entries.flatMap(({ queue }) => (queue === null ? [] : [queue])).sort();
  const queues = [...new Set([...app.queues.map((queue) => queue.name), ...others])];
  const sorted = [...functions].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { name, runtime, functions: sorted, queues };
}
