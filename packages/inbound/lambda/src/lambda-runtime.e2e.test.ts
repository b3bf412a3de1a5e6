import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albEvent,
  apiGatewayV1Event,
  apiGatewayV2Event,
  scheduledEvent,
  sqsEvent,
  startFakeAws,
  startLambdaRuntime,
  type LambdaOutcome,
  type LambdaRuntime,
  type LambdaRuntimeOptions,
} from '@tenon/testing';
import { bundle, type Bundle } from './bundle.fixture.js';
import type { HttpResult } from './http-event.js';

const others = (process.env['TENON_TEST_NODES'] ?? '').split(',').filter((path) => path !== '');
if (others.length === 0) {
  if (process.env['CI'] !== undefined) throw new Error('TENON_TEST_NODES must name Node 22 and 24');
  process.stderr.write(
    'SKIPPED: Lambda entries under Node 22 and 24; name their binaries in TENON_TEST_NODES, separated by commas\n',
  );
}

let bundled: Bundle;

beforeAll(async () => {
  bundled = await bundle(new URL('./runtime-entry.fixture.ts', import.meta.url));
});

afterAll(async () => {
  await bundled.remove();
});

function resultOf<Result>(outcome: LambdaOutcome): Result {
  if (!outcome.ok) throw new Error(`${outcome.error.errorType}: ${outcome.error.errorMessage}`);
  return outcome.result as Result;
}

async function using<Result>(
  options: Omit<LambdaRuntimeOptions, 'bundle'>,
  work: (runtime: LambdaRuntime) => Promise<Result>,
): Promise<Result> {
  const runtime = await startLambdaRuntime({ ...options, bundle: bundled.entry });
  try {
    return await work(runtime);
  } finally {
    await runtime.stop();
  }
}

const request = {
  method: 'POST',
  path: '/echo/42',
  query: { q: 'ü' },
  body: { name: 'tenon' },
} as const;
const gateways = {
  'API Gateway v1': apiGatewayV1Event,
  'API Gateway v2': apiGatewayV2Event,
  ALB: albEvent,
};

describe.each([process.execPath, ...others])('under the runtime interface client of %s', (node) => {
  describe.each(['api', 'peer'])('an Express app, export %s', (handler) => {
    it.each(Object.entries(gateways))('answers %s', async (_, makeEvent) => {
      const result = await using({ node, handler }, async (runtime) => {
        await runtime.invoke(makeEvent({ path: '/nowhere' }));
        return resultOf<HttpResult>(await runtime.invoke(makeEvent(request)));
      });

      expect(result.statusCode).toBe(200);
      expect(JSON.parse(result.body)).toEqual({
        id: '42',
        query: { q: 'ü' },
        body: { name: 'tenon' },
      });
    });
  });

  it('returns bytes as Base64', async () => {
    const outcome = await using({ node, handler: 'api' }, (runtime) =>
      runtime.invoke(apiGatewayV2Event({ path: '/bytes' })),
    );

    expect(resultOf(outcome)).toMatchObject({
      isBase64Encoded: true,
      body: 'AP+A',
      headers: { 'content-type': 'image/png' },
    });
  });

  it('hides from users what went wrong, and logs it', async () => {
    const { outcome, log } = await using({ node, handler: 'broken' }, async (runtime) => ({
      outcome: await runtime.invoke(apiGatewayV2Event()),
      log: runtime.log,
    }));

    const result = resultOf<HttpResult>(outcome);
    expect(result.statusCode).toBe(500);
    expect(result.body).not.toContain('canary');
    expect(log).toContain('canary: DATABASE_URL is missing');
  });

  it('runs jobs: results, errors, halts and a deadline', async () => {
    await using({ node, handler: 'job', timeoutMs: 1500 }, async (runtime) => {
      const started = performance.now();
      const fine = resultOf<{ node: string; busy: boolean }>(
        await runtime.invoke({ do: 'context' }),
      );
      const failed = await runtime.invoke({ do: 'fail' });
      const halted = await runtime.invoke({ do: 'halt' });
      const late = await runtime.invoke({ do: 'deadline' });

      expect(fine).toMatchObject({ node: runtime.nodeVersion, busy: true });
      expect(failed).toMatchObject({
        ok: false,
        error: { errorType: 'RangeError', errorMessage: 'out of range' },
      });
      expect(halted).toEqual({ ok: true, result: null });
      expect(late).toMatchObject({
        ok: false,
        error: { errorMessage: expect.stringMatching(/^Not done within \d+ ms$/) as unknown },
      });
      expect(runtime.log).toContain('"debug":[{"message":"command","fields":{"do":"fail"}}]');
      expect(runtime.starts).toBe(1);
      expect(performance.now() - started).toBeLessThan(10_000);
    });
  });

  it('survives a time-out and a crash in a new process', async () => {
    await using({ node, handler: 'job', timeoutMs: 1000 }, async (runtime) => {
      expect(await runtime.invoke({ do: 'wait' })).toMatchObject({
        ok: false,
        error: { errorType: 'Sandbox.Timedout' },
      });
      expect(await runtime.invoke({ do: 'exit' })).toMatchObject({
        ok: false,
        error: { errorType: 'Runtime.ExitError' },
      });
      expect(await runtime.invoke({ do: 'context' })).toMatchObject({ ok: true });
      expect(runtime.starts).toBe(3);
    });
  });

  it('loads secrets from Secrets Manager', async () => {
    const aws = await startFakeAws();
    const client = new SecretsManagerClient({
      endpoint: aws.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await client.send(
      new CreateSecretCommand({ Name: 'app/runtime', SecretString: '{"KEY":"canary"}' }),
    );
    const before = aws.calls.length;
    try {
      await using(
        { node, handler: 'withSecrets', env: { AWS_ENDPOINT_URL: aws.endpoint } },
        async (runtime) => {
          expect(resultOf(await runtime.invoke({}))).toEqual(['KEY']);
          expect(resultOf(await runtime.invoke({}))).toEqual(['KEY']);
          expect(runtime.log).not.toContain('canary');
        },
      );
      expect(aws.calls.length - before).toBe(1);
    } finally {
      client.destroy();
      await aws.stop();
    }
  });

  it('runs schedules and record batches', async () => {
    const ticked = await using({ node, handler: 'tick' }, (runtime) =>
      runtime.invoke(scheduledEvent({ name: 'nightly', at: new Date('2026-01-02T03:04:05Z') })),
    );
    const batch = await using({ node, handler: 'records' }, (runtime) =>
      runtime.invoke(sqsEvent([{ body: 'good' }, { body: 'poison', messageId: 'bad' }])),
    );

    expect(resultOf(ticked)).toEqual({ schedule: 'nightly', at: '2026-01-02T03:04:05.000Z' });
    expect(resultOf(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
  });

  it('gets handlers that declare no third parameter', async () => {
    const outcome = await using({ node, handler: 'lengths' }, (runtime) => runtime.invoke({}));

    expect(Math.max(...resultOf<number[]>(outcome))).toBeLessThanOrEqual(2);
  });

  it('reports a handler that is missing, and on Node 24 one with three parameters', async () => {
    const missing = await using({ node, handler: 'nothing' }, (runtime) => runtime.invoke({}));
    const { outcome, version } = await using({ node, handler: 'callback' }, async (runtime) => ({
      outcome: await runtime.invoke({}),
      version: runtime.nodeVersion,
    }));

    expect(missing).toMatchObject({ ok: false, error: { errorType: 'Runtime.HandlerNotFound' } });
    const refused = Number(/^v(\d+)/.exec(version)?.[1]) >= 22;
    expect(outcome.ok ? null : outcome.error.errorType).toBe(
      refused ? 'Runtime.CallbackHandlerDeprecated' : null,
    );
  });
});
