import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '@tenon/core';
import { apiGatewayV1Event, apiGatewayV2Event, lambdaContext, sqsEvent } from '@tenon/testing';
import express from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHttpHandler, type HttpHandlerOptions } from './create-http-handler.js';
import { lambdaInvocationOf } from './http-engine.js';
import type { HttpEvent } from './http-event.js';

function answerPath(request: IncomingMessage, response: ServerResponse): void {
  response.end(request.url);
}

describe('createHttpHandler', () => {
  it('builds the app once, with the secrets, when the first request comes', async () => {
    let built = 0;
    const handler = createHttpHandler({
      secrets: async () => ({ GREETING: 'hi' }),
      app: async (secrets) => {
        built += 1;
        await Promise.resolve();
        return express().get('/', (_request, response) => response.send(secrets['GREETING']));
      },
    });
    expect(built).toBe(0);

    const results = await Promise.all([
      handler(apiGatewayV2Event(), lambdaContext()),
      handler(apiGatewayV1Event(), lambdaContext()),
    ]);

    expect(results.map(({ body }) => body)).toEqual(['hi', 'hi']);
    expect(built).toBe(1);
    expect(handler.length).toBeLessThanOrEqual(2);
  });

  it('builds it again after a failure', async () => {
    let built = 0;
    const handler = createHttpHandler({
      logger: silentLogger,
      app: () => {
        built += 1;
        if (built === 1) throw new Error('canary: no database');
        return answerPath;
      },
    });

    const first = await handler(apiGatewayV2Event(), lambdaContext());
    const second = await handler(apiGatewayV2Event({ path: '/x' }), lambdaContext());

    expect(first.statusCode).toBe(500);
    expect(first.body).not.toContain('canary');
    expect(second).toMatchObject({ statusCode: 200, body: '/x' });
  });

  it.each(['direct', 'serverless-http'] as const)(
    'tells the app which invocation it serves: %s',
    async (engine) => {
      const seen: unknown[] = [];
      const handler = createHttpHandler({
        engine,
        app: () => (request, response) => {
          seen.push(lambdaInvocationOf(request)?.context.awsRequestId);
          response.end();
        },
      });

      await handler(apiGatewayV2Event(), lambdaContext({ requestId: 'i-1' }));

      expect(seen).toEqual(['i-1']);
    },
  );

  it.each(['direct', 'serverless-http'] as const)(
    'refuses events that come from no gateway: %s',
    async (engine) => {
      const handler = createHttpHandler({ engine, app: () => answerPath, logger: silentLogger });
      const event = sqsEvent([{ body: 'x' }]) as unknown as HttpEvent;

      expect(await handler(event, lambdaContext())).toMatchObject({ statusCode: 500 });
    },
  );

  it('emits finish and close, and the end of a body that nobody read', async () => {
    const order: string[] = [];
    const handler = createHttpHandler({
      app: () => (request, response) => {
        for (const name of ['finish', 'close']) response.on(name, () => order.push(name));
        request.on('close', () => order.push('request closed'));
        response.end('done');
      },
    });

    await handler(apiGatewayV2Event({ method: 'POST', body: 'unread' }), lambdaContext());
    await new Promise((resolve) => setImmediate(resolve));

    expect(order).toEqual(['finish', 'close', 'request closed']);
  });

  it('serves many requests at a time without mixing them up', async () => {
    const app = express().get('/wait/:ms', async (request, response) => {
      await new Promise((resolve) => setTimeout(resolve, Number(request.params.ms)));
      response.json({ ms: request.params.ms });
    });
    const handler = createHttpHandler({ app: () => app });
    const waits = Array.from({ length: 30 }, (_, index) => String((index * 7) % 20));

    const results = await Promise.all(
      waits.map((ms) => handler(apiGatewayV2Event({ path: `/wait/${ms}` }), lambdaContext())),
    );

    expect(results.map(({ body }) => (JSON.parse(body) as { ms: string }).ms)).toEqual(waits);
  });

  it('refuses options that do not exist, are missing or wrong', () => {
    const create = (options: object) => () => createHttpHandler(options as HttpHandlerOptions);

    expect(create({ app: () => answerPath, basepath: '/x' })).toThrow("did you mean 'basePath'?");
    expect(create({})).toThrow("'app' must be a function");
    expect(create({ app: () => answerPath, engine: 'fastify' })).toThrow("'serverless-http'");
  });
});
