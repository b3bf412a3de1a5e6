import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { credentials, region, startSqsEndpoint } from './sqs-endpoint.fixture.js';
import type { SqsEndpoint } from './sqs-endpoint.fixture.js';
import { createSqsQueue } from './sqs-queue.js';

let sqs: SqsEndpoint;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = credentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = credentials.secretAccessKey;
  sqs = await startSqsEndpoint();
});
afterAll(() => sqs.stop());

it('tells how its queues are set up', async () => {
  const made = await sqs.create('dead', 'watched', 'plain');
  const attributesOf = (QueueUrl: string | undefined) =>
    sqs.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const deadLetterTargetArn = (await attributesOf(made['dead'])).Attributes?.QueueArn;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 7 });
  await sqs.client.send(
    new SetQueueAttributesCommand({
      QueueUrl: made['watched'],
      Attributes: { RedrivePolicy, VisibilityTimeout: '90', MessageRetentionPeriod: '3600' },
    }),
  );
  const { watched = '', plain = '' } = made;
  const { endpoint } = sqs;
  const queue = createSqsQueue({ queues: { watched, plain }, endpoint, region });
  const days = 86_400_000;
  expect(await queue.inspect()).toEqual([
    { queue: 'watched', visibilityMs: 90_000, maxReceives: 7, retentionMs: 3_600_000 },
    { queue: 'plain', visibilityMs: 30_000, maxReceives: null, retentionMs: 4 * days },
  ]);
  await queue.close();
});
