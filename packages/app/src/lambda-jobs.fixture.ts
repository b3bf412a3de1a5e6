import { jsonLinesLogger } from '@tenon/lambda';
import { createJobHandler } from '@tenon/sqs-worker';
import { load } from './lambda-app.fixture.js';

export const handler = createJobHandler({
  queueName: 'default',
  process: async (context, delivery) => (await load()).commands.jobs.process(context, delivery),
  logger: jsonLinesLogger({ handler: 'jobs' }),
});
