import type { Attempt } from './attempt.js';
import { DeployError } from './deploy.errors.js';
import type { Release, Underway } from './release.js';
import { byHand, deleteStack } from './stacks.js';
import type { StackState } from './stacks.js';

/** A stack in one of these was never made: it has nothing and cannot be changed. */
const NEVER_MADE = /^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED|DELETE_FAILED)$/;

function requireMigration(release: Release, stack: StackState): void {
  const { migrates, template, previewOnly } = release;
  if (previewOnly || !migrates || !template.hasMigrate || stack.outputs.has('MigrateFunction')) {
    return;
  }
  throw new DeployError(
    'DEPLOY_BLOCKED',
    'The stack has no function to migrate with; this release brings it. Deploy it once with --no-migrate: before that, run ' +
      'tenon migrate deploy from where the database is reached, if the release has migrations',
  );
}

/**
 * The stack to be changed; null when one is to be made.
 * @throws DeployError `DEPLOY_BLOCKED` with what to do when it is in a state that takes no change.
 */
export async function requireReady(
  attempt: Attempt,
  way: {
    readonly release: Release;
    readonly found: StackState | null;
    readonly underway: Underway;
  },
): Promise<StackState | null> {
  const { release, found, underway } = way;
  const { stackName } = attempt;
  const { watch, goOnBack } = byHand(attempt);
  if (found === null || found.status === 'REVIEW_IN_PROGRESS') return null;
  const { status } = found;
  const blocked = (text: string): DeployError =>
    new DeployError('DEPLOY_BLOCKED', `The stack ${stackName} is in ${status}: ${text}`);
  if (status.endsWith('_IN_PROGRESS')) {
    throw blocked(`another deployment is at it. Wait until it is done: ${watch}`);
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    throw blocked(`remove the cause, then run ${goOnBack}`);
  }
  if (!NEVER_MADE.test(status)) {
    if (release.recreate) throw blocked('it is whole, and --recreate is for one that is not');
    requireMigration(release, found);
    return found;
  }
  if (!release.recreate || release.previewOnly) {
    throw blocked('it could not be made and has to be deleted first, which --recreate does');
  }
  await release.confirm(`Delete the stack ${stackName}, which could not be made?`);
  underway.phase = 'deleting';
  await deleteStack(attempt, found);
  underway.phase = 'preparing';
  return null;
}
