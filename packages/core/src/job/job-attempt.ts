import type { Logger } from '../platform/logger.port.js';
import type { JobClaim } from './job-claim.js';
import type { JobDelivery } from './job-delivery.js';
import type { JobSubject } from './job-subject.js';
import type { JobMessage } from './job.js';

/** One try of one job. */
export interface JobAttempt {
  readonly message: JobMessage;
  readonly subject: JobSubject;
  readonly claim: JobClaim;
  readonly delivery: JobDelivery;
  readonly logger: Logger;
}
