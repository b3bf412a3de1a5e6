import { describe, expect, it } from '@jest/globals';
import { MisconfiguredError, NotFoundError, secret, TenonError, type Logger } from '@tenon/core';
import { albEvent, apiGatewayV2Event, lambdaContext, sqsEvent } from '@tenon/testing';
import { createHandler } from './create-handler.js';
import type { HttpResult } from './http-event.js';
import { jsonLinesLogger } from './json-lines.logger.js';
import { HaltError } from './lambda.errors.js';

function recorder(): { readonly logger: Logger; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const logger = jsonLinesLogger({}, (line) =>
    lines.push(JSON.parse(line) as Record<string, unknown>),
  );
  return { logger, lines };
}

function bodyOf(result: unknown): Record<string, unknown> {
  return JSON.parse((result as HttpResult).body) as Record<string, unknown>;
}

describe('createHandler', () => {
  it('answers what the method answers and declares two parameters at most', async () => {
    const { logger, lines } = recorder();
    const handler = createHandler({
      name: 'sum',
      logger,
      method: (event: { a: number; b: number }, invocation) => {
        invocation.debug('adding');
        return event.a + event.b;
      },
    });

    expect(await handler({ a: 1, b: 2 }, lambdaContext())).toBe(3);
    expect(handler.length).toBeLessThanOrEqual(2);
    expect(lines).toEqual([]);
  });

  it('does not wait for open handles, and adds nothing to contexts without that property', async () => {
    const handler = createHandler({ name: 'x', method: () => 1 });
    const old = lambdaContext();
    const { callbackWaitsForEmptyEventLoop: _, ...node24 } = lambdaContext();

    await handler({}, old);
    await handler({}, node24);

    expect(old.callbackWaitsForEmptyEventLoop).toBe(false);
    expect(node24).not.toHaveProperty('callbackWaitsForEmptyEventLoop');
  });

  it('refuses options that do not exist, or are missing', () => {
    const options = { name: 'x', method: () => 1, userFacin: true };

    expect(() => createHandler(options)).toThrow("did you mean 'userFacing'?");
    expect(() => createHandler({ name: 'x' } as never)).toThrow("'method' is missing");
  });

  it('logs notes, a summary of the event and the error, and rethrows to queues', async () => {
    const { logger, lines } = recorder();
    const handler = createHandler({
      name: 'worker',
      logger,
      method: (_event: unknown, invocation) => {
        invocation.debug('step one', { rows: 3, token: secret('canary') });
        throw new TypeError('broken');
      },
    });
    const event = sqsEvent([{ body: { password: 'canary' } }]);

    await expect(handler(event, lambdaContext())).rejects.toThrow(new TypeError('broken'));

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'error',
      message: 'worker failed',
      requestId: 'invocation-1',
      event: { type: 'aws:sqs', records: 1, messageIds: ['message-1'] },
      debug: [{ message: 'step one', fields: { rows: 3, token: '[secret]' } }],
      error: { name: 'TypeError', message: 'broken' },
    });
    expect(JSON.stringify(lines)).not.toContain('canary');
  });

  it('never logs headers, query or body of a request', async () => {
    const { logger, lines } = recorder();
    const handler = createHandler({
      name: 'api',
      logger,
      userFacing: true,
      method: () => {
        throw new Error('broken');
      },
    });
    const event = apiGatewayV2Event({
      method: 'POST',
      path: '/items',
      query: { token: 'canary' },
      headers: { authorization: 'Bearer canary' },
      cookies: ['session=canary'],
      body: { password: 'canary' },
    });

    await handler(event, lambdaContext());

    expect(lines[0]).toMatchObject({ event: { type: 'http', method: 'POST', path: '/items' } });
    expect(JSON.stringify(lines)).not.toContain('canary');
  });
});

describe('createHandler, user facing', () => {
  const failing = (error: unknown) =>
    createHandler({
      name: 'api',
      userFacing: true,
      logger: recorder().logger,
      method: (_event: unknown) => {
        throw error;
      },
    });

  it.each([
    ['an unknown error', new Error('canary: password wrong for db.internal')],
    ['a thrown string', 'canary'],
    ['the app misconfigured', new MisconfiguredError('canary: DATABASE_URL is missing')],
  ])('shows nothing of %s', async (_, error) => {
    const result = await failing(error)(apiGatewayV2Event(), lambdaContext({ requestId: 'r-7' }));

    expect(result.statusCode).toBe(500);
    expect(result.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-request-id': 'r-7',
    });
    expect(bodyOf(result)).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'Something went wrong on our side; please quote r-7',
      code: 'INTERNAL',
      requestId: 'r-7',
    });
  });

  it('shows the public message of an expected error', async () => {
    const result = await failing(new NotFoundError('connection', 'c1'))({}, lambdaContext());

    expect(bodyOf(result)).toMatchObject({
      status: 404,
      code: 'CONNECTION_NOT_FOUND',
      detail: "No connection with id 'c1'",
    });
  });

  it('says when to come back, spelled for the gateway', async () => {
    const error = new TenonError({
      code: 'BUSY',
      category: 'rate_limited',
      message: 'Too many',
      retryAfterMs: 1200,
    });

    const result = await failing(error)(albEvent({ multiValue: true }), lambdaContext());

    expect(result).toMatchObject({ statusCode: 429, multiValueHeaders: { 'retry-after': ['2'] } });
    expect(result).not.toHaveProperty('headers');
  });
});

describe('createHandler, preparation', () => {
  it('loads secrets, then the database, once for concurrent and later invocations', async () => {
    const steps: string[] = [];
    const handler = createHandler({
      name: 'x',
      secrets: async () => {
        steps.push('secrets');
        await Promise.resolve();
        return { KEY: 'value' };
      },
      useDatabase: { prepare: async () => steps.push('database') },
      method: (_event: unknown, invocation) => {
        steps.push('run');
        return invocation.secrets['KEY'];
      },
    });

    const results = await Promise.all([handler({}, lambdaContext()), handler({}, lambdaContext())]);
    await handler({}, lambdaContext());

    expect(results).toEqual(['value', 'value']);
    expect(steps).toEqual(['secrets', 'database', 'run', 'run', 'run']);
  });

  it('tries again with the next invocation after a failure', async () => {
    let attempts = 0;
    const handler = createHandler({
      name: 'x',
      userFacing: true,
      logger: recorder().logger,
      useDatabase: async () => {
        attempts += 1;
        if (attempts === 1) throw new Error('database is starting');
      },
      method: () => ({ statusCode: 200 }),
    });

    expect(await handler({}, lambdaContext())).toMatchObject({ statusCode: 500 });
    expect(await handler({}, lambdaContext())).toEqual({ statusCode: 200 });
    expect(attempts).toBe(2);
  });
});

describe('createHandler, halt errors', () => {
  const halting = (userFacing: boolean, error: Error) => {
    const { logger, lines } = recorder();
    const handler = createHandler({
      name: 'job',
      logger,
      ...(userFacing && { userFacing }),
      method: (_event: unknown): string => {
        throw error;
      },
    });
    return { handler, lines };
  };

  it.each([
    ['HaltError', new HaltError('the account was closed')],
    ['a marked error', Object.assign(new Error('marked'), { halt: true })],
  ])('ends as if it had succeeded after %s, with an error in the log', async (_, error) => {
    const { handler, lines } = halting(false, error);

    expect(await handler({}, lambdaContext())).toBeUndefined();
    expect(lines).toMatchObject([{ level: 'error', message: 'job halted' }]);
  });

  it('still answers users', async () => {
    const { handler } = halting(true, new HaltError('closed', { code: 'ACCOUNT_CLOSED' }));

    expect(await handler({}, lambdaContext())).toMatchObject({ statusCode: 409 });
  });
});
