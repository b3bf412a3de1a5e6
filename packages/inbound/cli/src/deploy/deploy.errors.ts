import { TenonError } from '@tenon/core';

const categories = {
  AWS_SDK_MISSING: 'misconfigured',
  AWS_CREDENTIALS: 'misconfigured',
  AWS_DENIED: 'forbidden',
  AWS_UNREACHABLE: 'unavailable',
  AWS_REFUSED: 'validation',
  DEPLOY_BLOCKED: 'conflict',
  DEPLOY_UNFINISHED: 'misconfigured',
  DEPLOY_FAILED: 'unavailable',
  DEPLOY_ROLLED_BACK: 'unavailable',
} as const;

/**
 * What keeps an app from being deployed. `AWS_…`: AWS, its credentials or its SDK; `DEPLOY_BLOCKED`: the stack's state, nothing was
 * begun; `DEPLOY_UNFINISHED`: the stack waits for its secret; `DEPLOY_FAILED`: what went wrong, and how things are now; `DEPLOY_ROLLED_BACK`: the release before has the traffic.
 */
export class DeployError extends TenonError {
  override readonly name = 'DeployError';

  constructor(code: keyof typeof categories, message: string, cause?: unknown) {
    super({
      code,
      category: categories[code],
      message,
      ...(cause !== undefined && { cause }),
    });
  }
}
