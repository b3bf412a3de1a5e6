import { MisconfiguredError } from '@tenon/core';
import { awsSecrets } from '@tenon/secrets-aws';
import express from 'express';
import { createHandler, type LambdaHandler } from './create-handler.js';
import { createHttpHandler } from './create-http-handler.js';
import { createScheduleHandler } from './create-schedule-handler.js';
import { HaltError } from './lambda.errors.js';

/** What is bundled and run under the real runtime interface client. */

function createApp(): express.Express {
  const app = express();
  app.use(express.json());
  app.all('/echo/:id', (request, response) => {
    response.cookie('a', '1').cookie('b', '2');
    response.json({ id: request.params.id, query: request.query, body: request.body as unknown });
  });
  app.get('/bytes', (_request, response) => response.type('png').send(Buffer.from([0, 255, 128])));
  return app;
}

export const api = createHttpHandler({ app: createApp });

export const peer = createHttpHandler({ app: createApp, engine: 'serverless-http' });

export const broken = createHttpHandler({
  app: () => {
    throw new MisconfiguredError('canary: DATABASE_URL is missing');
  },
});

interface Command {
  readonly do: 'fail' | 'halt' | 'wait' | 'exit' | 'deadline' | 'context';
}

/** Held open on purpose: a handler must answer although a pool keeps the event loop busy. */
let pool: NodeJS.Timeout | undefined;

export const job = createHandler({
  name: 'job',
  safetyMarginMs: 600,
  method: async (event: Command, invocation) => {
    pool ??= setInterval(() => undefined, 1000);
    invocation.debug('command', { do: event.do });
    if (event.do === 'fail') throw new RangeError('out of range');
    if (event.do === 'halt') throw new HaltError('the account was closed');
    if (event.do === 'exit') process.exit(3);
    if (event.do === 'wait') await new Promise((resolve) => setTimeout(resolve, 60_000));
    if (event.do === 'deadline') {
      const { signal } = invocation;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw signal.reason;
    }
    return { requestId: invocation.requestId, node: process.version, busy: pool.hasRef() };
  },
});

export const withSecrets = createHandler({
  name: 'with-secrets',
  secrets: awsSecrets({ secretId: 'app/runtime' }),
  method: (_event: unknown, invocation) => Object.keys(invocation.secrets),
});

export const tick = createScheduleHandler({
  tick: ({ schedule, at }) => ({ schedule, at: at.toISOString() }),
});

interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

export const records = createHandler({
  name: 'records',
  method: (event: SqsEvent) => ({
    batchItemFailures: event.Records.filter(({ body }) => body.includes('poison')).map(
      ({ messageId }) => ({ itemIdentifier: messageId }),
    ),
  }),
});

/** What the Node.js 24 runtime refuses. */
export const callback = (_event: unknown, _context: unknown, done: (error: null) => void): void => {
  done(null);
};

export const lengths: LambdaHandler<unknown, number[] | undefined> = createHandler({
  name: 'lengths',
  method: () => [api, peer, job, withSecrets, tick, records, lengths].map(({ length }) => length),
});
