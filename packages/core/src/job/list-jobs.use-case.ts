import { requireScope, visibleUser } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { toPageQuery } from '../platform/page.js';
import type { Page } from '../platform/page.js';
import type { Repositories } from '../platform/persistence.port.js';
import type { DeadLetterReason } from './dead-letter.js';
import { inboxKey } from './job.js';
import { ofDeadLetter, ofWaiting } from './job-view.js';
import type { JobView, ListJobsInput } from './job-view.js';

const PARKED: readonly DeadLetterReason[] = [
  'cancelled',
  'installation_disabled',
  'needs_reauthorization',
];

/**
 * Lists the jobs that the caller may see and that are not on a queue, newest first: those that wait, or those that stopped.
 * Throws `VALIDATION_FAILED` for a page that is none.
 */
export class ListJobs {
  constructor(
    private readonly parts: {
      readonly persistence: Pick<Repositories, 'deadLetters' | 'inbox' | 'outbox'>;
    },
  ) {}

  async execute(context: Context, input: ListJobsInput): Promise<Page<JobView>> {
    requireScope(context, 'runs:read');
    const { deadLetters, inbox, outbox } = this.parts.persistence;
    const { state = 'waiting', installationId } = input;
    const { tenantId } = context;
    const userId = visibleUser(context);
    const filter = {
      ...(userId !== undefined && { userId }),
      ...(installationId !== undefined && { installationId }),
    };
    const page = toPageQuery(input);
    if (state !== 'waiting') {
      const reasons = state === 'dead' ? (['failed'] as const) : PARKED;
      const found = await deadLetters.list(tenantId, { ...filter, reasons }, page);
      return { ...found, items: found.items.map(ofDeadLetter) };
    }
    const found = await outbox.list(tenantId, filter, page);
    const items = found.items.map(async (job) => {
      const entry = await inbox.find(tenantId, inboxKey(job.message));
      return ofWaiting(job, entry?.attempts ?? 0);
    });
    return { ...found, items: await Promise.all(items) };
  }
}
