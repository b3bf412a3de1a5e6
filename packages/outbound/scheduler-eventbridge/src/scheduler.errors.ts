import { isTenonError, MisconfiguredError, UnavailableError } from '@tenon/core';
import type { TenonError } from '@tenon/core';

/** What EventBridge Scheduler and the SDK say until somebody does something about it. */
const REMEDIES: Readonly<Record<string, string>> = {
  AccessDeniedException:
    'the role of this process needs scheduler:CreateSchedule and DeleteSchedule on the schedules of the group, scheduler:ListSchedules, and iam:PassRole on the role of the timers',
  ResourceNotFoundException: 'the schedule group must exist: TENON_SCHEDULER_GROUP',
  ValidationException: 'the ARNs of target, role and dead-letter queue must be right',
  ServiceQuotaExceededException: 'the account has no more schedules: ask AWS for a higher quota',
  UnrecognizedClientException: 'the credentials of this process are not accepted',
  InvalidSignatureException: 'the credentials of this process are not accepted',
  ExpiredTokenException: 'the credentials of this process are outdated',
  CredentialsProviderError: 'this process has no credentials',
};

/** True when there is no such schedule, or no such group. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException';
}

/** True when there is a schedule of this name: it was made of the same. */
export function isThere(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConflictException';
}

/** Translates an error of EventBridge Scheduler by its name. `SCHEDULER_UNAVAILABLE`: trying again later helps. */
export function toSchedulerError(error: unknown): TenonError {
  if (isTenonError(error)) return error;
  const name = error instanceof Error ? error.name : 'unknown';
  const remedy = REMEDIES[name];
  if (remedy !== undefined) {
    return new MisconfiguredError(`EventBridge Scheduler refuses (${name}): ${remedy}`, {
      reason: name,
    });
  }
  return new UnavailableError(
    'SCHEDULER_UNAVAILABLE',
    'EventBridge Scheduler does not answer, or is asked too often; schedules are started by the tick meanwhile',
    error,
  );
}
