import { createJobHandler } from '@tenon/sqs-worker';

/** The worker function of an app, which is loaded by the first message. */
export const handler = createJobHandler({
  queueName: 'default',
  process: async (context, delivery) => {
    const { app } = await import('./lambda-app.js');
    return (await app.load()).commands.jobs.process(context, delivery);
  },
});
