import { TenonError } from '../platform/tenon.error.js';

/** `SCHEDULE_EXISTS`: the installation has a schedule of this name. */
export function scheduleExists(name: string): TenonError {
  return new TenonError({
    code: 'SCHEDULE_EXISTS',
    category: 'conflict',
    message: `The installation has a schedule '${name}' already; change that one, or choose another name`,
    details: { name },
  });
}

/** `SCHEDULE_ENDED`: it has no time left at which it could be due. */
export function scheduleEnded(name: string): TenonError {
  return new TenonError({
    code: 'SCHEDULE_ENDED',
    category: 'precondition',
    message: `The schedule '${name}' has no time left; give it another 'when'`,
    details: { name },
  });
}
