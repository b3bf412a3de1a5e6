import { silentLogger } from '@tenon/core/kernel';
import type { Commands } from '@tenon/core';
import { Consumer } from './consumer.js';
import type { ConsumerOptions } from './consumer.js';
import { dispositionOf } from './job-handler.js';

/** Options of {@link createJobConsumer}. */
export interface JobConsumerOptions extends Omit<ConsumerOptions, 'handle'> {
  /** `app.commands.jobs.process`. */
  readonly process: Commands['jobs']['process'];
}

/** Makes the long-polling worker that runs an app's jobs in a container or in development. */
export function createJobConsumer(options: JobConsumerOptions): Consumer {
  const { process, ...consumer } = options;
  const logger = options.logger ?? silentLogger;
  return new Consumer({
    ...consumer,
    handle: async (message, signal) => {
      const outcome = await process(
        { requestId: message.id, actor: 'system', logger },
        {
          body: message.body,
          queue: options.queueName,
          messageId: message.id,
          groupId: message.groupId ?? null,
          receiveCount: message.receiveCount,
          signal,
        },
      );
      return dispositionOf(outcome);
    },
  });
}
