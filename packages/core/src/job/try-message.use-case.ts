import type { CancellationSignal } from '../platform/cancellation.js';
import type { AppContext } from '../platform/context.js';
import type { JobParts } from './job-parts.js';
import { parseJobMessage } from './parse-job-message.js';
import { tryJob } from './try-job.js';
import type { TriedJob } from './tried-job.js';

/** Tries the job of a queue message once, see {@link tryJob}. Throws `JOB_MESSAGE_INVALID`, `JOB_LEASE_LOST`. */
export class TryMessage {
  constructor(private readonly parts: JobParts) {}

  execute(
    context: AppContext,
    input: { readonly body: string; readonly queue: string; readonly signal: CancellationSignal },
  ): Promise<TriedJob> {
    const { body, queue, signal } = input;
    return tryJob(this.parts, context, { message: parseJobMessage(body), queue, signal });
  }
}
