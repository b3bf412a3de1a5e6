import { ValidationError } from '../platform/common.errors.js';
import { nearestName } from '../platform/options.js';
import { TenonError } from '../platform/tenon.error.js';

/** `JOB_NOT_DECLARED`: the integration has no such job. */
export function jobNotDeclared(
  integration: string,
  job: string,
  declared: readonly string[],
): ValidationError {
  const nearest = nearestName(job, declared);
  const hint = nearest
    ? `did you mean '${nearest}'?`
    : `declared: ${declared.join(', ') || 'none'}`;
  const message = `the integration '${integration}' declares no job '${job.slice(0, 100)}'; ${hint}`;
  return new ValidationError('The job', [{ path: 'job', message }], 'JOB_NOT_DECLARED');
}

/** `JOB_UNKNOWN`: a queued job that no definition of this app can run. */
export function jobUnknown(integration: string, job: string): TenonError {
  return new TenonError({
    code: 'JOB_UNKNOWN',
    category: 'misconfigured',
    message: `This app has no job '${job}' of the integration '${integration}'; deploy a version that has it, then redrive`,
    details: { integration, job },
  });
}

/** `JOB_CRASHED`: every try ended without a word: the process died, or lost its claim. */
export function jobCrashed(attempts: number): TenonError {
  return new TenonError({
    code: 'JOB_CRASHED',
    category: 'internal',
    message: `The job was begun ${attempts} times and its process or its time ended each time before the job did; look for memory limits, kills and the time limit of the worker`,
    details: { attempts },
  });
}

/** `JOB_LEASE_LOST`: another worker took the job over; whatever this one did is not kept. */
export function jobLeaseLost(): TenonError {
  return new TenonError({
    code: 'JOB_LEASE_LOST',
    category: 'conflict',
    retryable: true,
    message: 'Another worker took this job over, because this one gave no sign of life in time',
  });
}

/** `JOB_MESSAGE_TOO_LARGE`: found before anything is written, because the queue would refuse it later. */
export function jobMessageTooLarge(job: string, bytes: number, limit: number): TenonError {
  return new TenonError({
    code: 'JOB_MESSAGE_TOO_LARGE',
    category: 'too_large',
    message: `The job '${job}' has ${bytes} bytes with its input; the queue takes ${limit}. Store the data and enqueue its id, or split it`,
    details: { job, bytes, limit },
  });
}

/** `HANDLER_ENDED`: a handler went on in the background after it had returned or run out of time. */
export function handlerEnded(what: string): TenonError {
  return new TenonError({
    code: 'HANDLER_ENDED',
    category: 'internal',
    message: `${what} was called after its handler had ended, so it has no effect; await everything in the handler`,
  });
}

/** `JOB_OUT_OF_REACH`: the job neither waits nor has stopped. */
export function jobOutOfReach(id: string, state: string): TenonError {
  const where =
    { working: 'is at work', queued: 'is on its queue', done: 'is done' }[state] ?? `is ${state}`;
  return new TenonError({
    code: 'JOB_OUT_OF_REACH',
    category: 'conflict',
    message: `The job '${id.slice(0, 100)}' ${where}: only jobs that wait or have stopped can be retried or discarded. To stop others, cancel their run`,
    details: { state },
  });
}

/** `JOB_DISCARDED`: somebody gave the job up. */
export function jobDiscarded(reason: string): { readonly code: string; readonly message: string } {
  return { code: 'JOB_DISCARDED', message: `The job was discarded: ${reason}` };
}
