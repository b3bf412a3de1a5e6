import type { Attempt } from './attempt.js';
import { createChangeSet, executeChangeSet } from './change-sets.js';
import { DeployError } from './deploy.errors.js';
import type { Snapshot, Underway } from './release.js';
import { byHand, StackWatch } from './stacks.js';
import type { StackEnd, StackState } from './stacks.js';

/** Why a database that has more than the code needs is no harm. */
export const MIGRATIONS_STAY =
  'Migrations are not undone: the code before works with them when they expand before they contract';

const why = ({ stack, failures }: StackEnd): string =>
  failures.join('; ') || (stack.reason ?? stack.status);

/** Brings a stack out of UPDATE_ROLLBACK_FAILED. */
async function goOnBack(attempt: Attempt): Promise<StackState> {
  attempt.tell('the way back failed: trying once more');
  const watch = await StackWatch.begin(attempt);
  await attempt.cloud.cloudFormation.continueUpdateRollback({ StackName: attempt.stackName });
  return (await watch.end()).stack;
}

/** What CloudFormation left of an operation that failed. */
export async function failedUpdate(attempt: Attempt, end: StackEnd): Promise<DeployError> {
  const { stackName } = attempt;
  const { status } = end.stack;
  if (/^(ROLLBACK|CREATE)_/.test(status)) {
    return new DeployError(
      'DEPLOY_FAILED',
      `The stack ${stackName} could not be made: ${why(end)}. It is in ${status} and has nothing; ` +
        'when the cause is gone, tenon deploy --recreate deletes it and begins anew',
    );
  }
  const now = status === 'UPDATE_ROLLBACK_FAILED' ? await goOnBack(attempt) : end.stack;
  if (now.status === 'UPDATE_ROLLBACK_COMPLETE') {
    return new DeployError(
      'DEPLOY_ROLLED_BACK',
      `The stack ${stackName} could not be updated: ${why(end)}. CloudFormation went back: the release before has the traffic. ${MIGRATIONS_STAY}`,
    );
  }
  return new DeployError(
    'DEPLOY_FAILED',
    `The stack ${stackName} could not be updated: ${why(end)}. It is in ${now.status}: remove the cause, then run ${byHand(attempt).goOnBack}. ` +
      `Until then functions of both releases may run. ${MIGRATIONS_STAY}`,
  );
}

/** Executes a change set and waits. @throws DeployError for anything but success. */
export async function execute(
  attempt: Attempt,
  underway: Underway,
  name: string,
): Promise<StackState> {
  const watch = await StackWatch.begin(attempt);
  attempt.signal.throwIfAborted();
  await executeChangeSet(attempt, name);
  underway.changeSet = null;
  if (underway.phase !== 'going-back') underway.phase = 'updating';
  const end = await watch.end();
  if (/^(CREATE|UPDATE)_COMPLETE$/.test(end.stack.status)) return end.stack;
  throw await failedUpdate(attempt, end);
}

/** What to go back to, and why. */
export interface WayBack {
  readonly before: Snapshot;
  readonly bucket: string;
  readonly problem: string;
}

/** Gives the traffic back to the release before. Answers the error that says so. */
export async function goBack(
  attempt: Attempt,
  underway: Underway,
  { before, bucket, problem }: WayBack,
): Promise<DeployError> {
  underway.phase = 'going-back';
  attempt.tell(`${problem}: going back to the release before`);
  try {
    const changeSet = await createChangeSet(attempt, { kind: 'UPDATE', bucket, ...before });
    if (changeSet !== null) {
      underway.changeSet = changeSet.name;
      await execute(attempt, underway, changeSet.name);
    }
  } catch (error) {
    attempt.signal.throwIfAborted();
    const failed = error instanceof Error ? error.message : String(error);
    const text = `${problem}. Going back failed as well, and the new release has the traffic: ${failed}`;
    return new DeployError('DEPLOY_FAILED', text, error);
  }
  const had = before.parameters.find(({ ParameterKey }) => ParameterKey === 'Traffic');
  const now =
    had?.ParameterValue === 'off'
      ? 'The stack takes no traffic, as before'
      : 'The release before has the traffic again';
  return new DeployError('DEPLOY_ROLLED_BACK', `${problem}. ${now}. ${MIGRATIONS_STAY}`);
}
