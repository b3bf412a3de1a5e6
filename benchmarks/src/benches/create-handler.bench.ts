import middy from '@middy/core';
import { silentLogger } from '@tenon/core';
import { createHandler } from '@tenon/lambda';
import { apiGatewayV2Event, lambdaContext, sqsEvent } from '@tenon/testing';
import type { Bench, Row } from '../bench.js';
import { interleave, median, medianDifference } from '../interleave.js';

const answer = { statusCode: 200 };
const method = async (): Promise<typeof answer> => answer;

async function measure(kind: string, event: unknown): Promise<readonly Row[]> {
  const context = lambdaContext();
  const ours = createHandler({ name: 'bench', logger: silentLogger, method });
  const peer = middy().handler(method);
  const t = await interleave(
    {
      bare: method,
      ours: () => ours(event, context),
      middy: () => peer(event as never, context as never),
    },
    { rounds: 15, iterations: 100_000 },
  );
  return [
    {
      figure: `createHandler, own cost, ${kind}`,
      unit: 'µs',
      ours: medianDifference(t.ours, t.bare),
      peer: { name: '@middy/core', value: medianDifference(t.middy, t.bare) },
      bar: { of: 'ours', max: 1 },
    },
    { figure: `bare handler, ${kind}`, unit: 'µs', ours: median(t.bare) },
  ];
}

/** What a wrapped handler costs over the same function called directly. */
export const bench: Bench = {
  name: 'create-handler',
  title: "createHandler's own cost per invocation",
  bar: '< 1 µs over the bare handler',
  async run() {
    const messages = Array.from({ length: 10 }, (_, id) => ({ body: { id } }));
    return [
      ...(await measure('HTTP event', apiGatewayV2Event({ body: { a: 1 } }))),
      ...(await measure('10 SQS records', sqsEvent(messages))),
    ];
  },
};
