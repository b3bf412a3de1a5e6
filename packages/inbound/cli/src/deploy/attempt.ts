import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsCloud } from './aws-cloud.js';
import { DeployError } from './deploy.errors.js';

/** What one deployment works with from its beginning to its end. */
export interface Attempt {
  readonly cloud: AwsCloud;
  readonly stackName: string;
  /** What CloudFormation makes resources as; null: as whoever deploys. */
  readonly roleArn: string | null;
  /** Aborts when somebody asks to stop. */
  readonly signal: AbortSignal;
  /** Between two looks at something that goes on. */
  readonly pollMs: number;
  /** How long an operation on a stack may go on. */
  readonly timeoutMs: number;
  /** Tells a person what happens. */
  tell(line: string): void;
}

/** Looks until `look` answers something. @throws DeployError `DEPLOY_FAILED` with `late()` when the time is over. */
export async function waitFor<T>(
  { signal, pollMs, timeoutMs }: Pick<Attempt, 'signal' | 'pollMs' | 'timeoutMs'>,
  look: () => Promise<T | null>,
  late: () => string,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== null) return found;
    if (Date.now() >= until) throw new DeployError('DEPLOY_FAILED', late());
    await sleep(pollMs, undefined, { signal });
  }
}
