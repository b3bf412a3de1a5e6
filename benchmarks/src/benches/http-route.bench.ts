import { createHttpHandler } from '@tenon/lambda';
import { albEvent, apiGatewayV1Event, apiGatewayV2Event, lambdaContext } from '@tenon/testing';
import serverlessHttp from 'serverless-http';
import type { Bench, Row } from '../bench.js';
import { interleave, median, medianRatio } from '../interleave.js';
import { createRouteApp } from '../lambda-route-app.js';

const gateways = { 'API v2': apiGatewayV2Event, 'API v1': apiGatewayV1Event, ALB: albEvent };

async function measure(
  gateway: string,
  makeEvent: (typeof gateways)[keyof typeof gateways],
): Promise<Row> {
  const context = lambdaContext();
  const event = makeEvent({
    method: 'POST',
    path: '/tenants/42/items',
    query: { dry: 'false' },
    body: { name: 'tenon', tags: ['a', 'b'], size: 3 },
  });
  const ours = createHttpHandler({ app: createRouteApp });
  const peer = serverlessHttp(createRouteApp());
  const answers = [
    await ours(event, context),
    (await peer({ ...event }, context)) as { body: string },
  ];
  if (answers[0]?.body !== answers[1]?.body) throw new Error(`the answers to ${gateway} differ`);
  const t = await interleave(
    { ours: () => ours(event, context), peer: () => peer({ ...event }, context) },
    { rounds: 15, iterations: 2000, warmup: 5000 },
  );
  return {
    figure: `HTTP route through Express, ${gateway}`,
    unit: 'µs',
    ours: median(t.ours),
    peer: { name: 'serverless-http', value: median(t.peer) },
    ratio: medianRatio(t.ours, t.peer),
    bar: { of: 'ratio', max: 0.6 },
  };
}

/** An HTTP event through an Express app with thirty routes, body parsed and answered as JSON. */
export const bench: Bench = {
  name: 'http-route',
  title: 'HTTP event to Express: 30 routes, JSON body, JSON answer',
  bar: '≤ 0.6× serverless-http + Express 5',
  async run() {
    const rows: Row[] = [];
    for (const [gateway, makeEvent] of Object.entries(gateways)) {
      rows.push(await measure(gateway, makeEvent));
    }
    return rows;
  },
};
