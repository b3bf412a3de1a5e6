import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Clock } from '../platform/clock.port.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { JobId } from './job.js';
import { visibleJob } from './job-view.js';
import type { JobView } from './job-view.js';

/** Answers what is known of one job, by the id that logs name. Throws `JOB_NOT_FOUND`. */
export class GetJob {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<
        Repositories,
        'deadLetters' | 'inbox' | 'outbox' | 'installations'
      >;
      readonly platform: { readonly clock: Clock };
    },
  ) {}

  async execute(context: Context, { jobId }: { readonly jobId: JobId }): Promise<JobView> {
    requireScope(context, 'runs:read');
    const { persistence, platform } = this.parts;
    const now = platform.clock.now();
    return (await visibleJob(persistence, context, { jobId, now })).view;
  }
}
