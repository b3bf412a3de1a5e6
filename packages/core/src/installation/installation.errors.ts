import { TenonError, isTenonError } from '../platform/tenon.error.js';
import type { Installation, InstallationId } from './installation.js';

type Named = Pick<Installation, 'id' | 'integration'>;

/** `INSTALLATION_EXISTS`: the integration is installed on these connections already; `details.installationId` names it. */
export function installationExists({ id, integration }: Named): TenonError {
  return new TenonError({
    code: 'INSTALLATION_EXISTS',
    category: 'conflict',
    message: `The integration '${integration}' is installed on these connections already, as '${id}'; change that one, or delete it first`,
    details: { installationId: id, integration },
  });
}

/** `INSTALLATION_BUSY`: a lifecycle hook of it is at work in another call. */
export function installationBusy(id: InstallationId): TenonError {
  return new TenonError({
    code: 'INSTALLATION_BUSY',
    category: 'conflict',
    retryable: true,
    message: `The installation '${id}' is being changed by another call; try again when that is done`,
    details: { installationId: id },
  });
}

/** `INSTALLATION_NOT_ENABLED`: it is in a state in which this cannot be done. */
export function installationNotEnabled(
  { id, status }: Pick<Installation, 'id' | 'status'>,
  advice: string,
): TenonError {
  return new TenonError({
    code: 'INSTALLATION_NOT_ENABLED',
    category: 'precondition',
    message: `The installation '${id}' is ${status}; ${advice}`,
    details: { installationId: id, status },
  });
}

/** `INSTALLATION_HOOK_FAILED`: the integration's own code refused; category and retryability are those of its error. */
export function installationHookFailed(
  { id, integration }: Named,
  hook: 'onCreate' | 'onUpdate',
  cause: unknown,
): TenonError {
  const known = isTenonError(cause) ? cause : null;
  return new TenonError({
    code: 'INSTALLATION_HOOK_FAILED',
    category: known?.category ?? 'internal',
    retryable: known?.retryable ?? false,
    message: `${hook} of the integration '${integration}' failed: ${known?.message ?? 'unexpectedly; the log has the details'}`,
    details: { installationId: id, hook, ...(known && { code: known.code }) },
    cause,
  });
}
