import { createJobHandler } from '@tenon/sqs-worker';
import { load } from '../handlers/load.js';

/** Works on the jobs of the queue `my-name`. */
export const handler = createJobHandler({
  queueName: 'my-name',
  process: async (context, delivery) => (await load()).commands.jobs.process(context, delivery),
});
