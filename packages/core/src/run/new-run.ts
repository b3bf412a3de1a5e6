import type { JobMessage } from '../job/job.js';
import { ValidationError } from '../platform/common.errors.js';
import type { Clock } from '../platform/clock.port.js';
import type { Run, RunId } from './run.js';

/** A queued run with its first job outstanding. */
export function newRun(
  id: RunId,
  message: JobMessage,
  rest: { readonly parentId: RunId | null; readonly key: string | null; readonly clock: Clock },
): Run {
  const at = rest.clock.now();
  return {
    id,
    tenantId: message.tenantId,
    installationId: message.installationId,
    job: message.job,
    input: message.input,
    parentId: rest.parentId,
    key: rest.key,
    state: 'queued',
    progress: { total: null, processed: 0, succeeded: 0, failed: 0, skipped: 0 },
    checkpoint: null,
    pendingJobs: 1,
    deadJobs: 0,
    error: null,
    result: null,
    startedAt: null,
    finishedAt: null,
    createdAt: at,
    updatedAt: at,
    version: 1,
  };
}

/** @throws ValidationError when the key of a run is empty or too long. */
export function checkRunKey(key: string | undefined): void {
  if (key === undefined || (key !== '' && key.length <= 200)) return;
  throw new ValidationError('The run', [{ path: 'key', message: 'it has 1 to 200 characters' }]);
}
