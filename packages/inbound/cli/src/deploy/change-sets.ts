import type { Parameter, ResourceChange } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { packTemplate } from './artifact.js';
import type { Attempt } from './attempt.js';
import { DeployError } from './deploy.errors.js';
import { putObject } from './releases.js';

/** What happens to one resource. */
export interface Change {
  readonly action: 'add' | 'modify' | 'remove' | 'import' | 'dynamic';
  readonly logicalId: string;
  readonly type: string;
  /** Whether another resource takes its place. */
  readonly replacement: 'yes' | 'no' | 'maybe';
  /** Why it must be looked at; null when nothing can be lost. */
  readonly danger: string | null;
}

/** A change set that can be executed. */
export interface ChangeSet {
  readonly name: string;
  readonly changes: readonly Change[];
}

/** What a stack is to become. */
export interface Wanted {
  readonly kind: 'CREATE' | 'UPDATE';
  readonly template: string;
  readonly parameters: readonly Parameter[];
  /** Where templates go that are too large for a call; null when there is none. */
  readonly bucket: string | null;
}

const MAX_INLINE_BYTES = 51_200;
/** These hold what no deployment brings back. */
const DATA =
  /^AWS::(SQS::Queue|KMS::Key|SecretsManager::Secret|Logs::LogGroup|RDS::|S3::Bucket|DynamoDB::)/;
/** Addresses that others know. */
const ADDRESS = /^AWS::ApiGatewayV2::Api$/;

function dangerOf(change: ResourceChange, replacement: Change['replacement']): string | null {
  const { ResourceType = '', Action, PolicyAction = '' } = change;
  const lost = Action === 'Remove' ? 'removed' : replacement === 'no' ? null : 'replaced';
  if (lost === null) return null;
  if (ADDRESS.test(ResourceType)) return `${lost}: its address changes`;
  if (!DATA.test(ResourceType)) return null;
  return PolicyAction.endsWith('Retain')
    ? `${lost}: the old one stays outside of the stack`
    : `${lost}: what is in it is lost`;
}

function changeOf(change: ResourceChange): Change {
  const replacement =
    change.Replacement === 'True' ? 'yes' : change.Replacement === 'Conditional' ? 'maybe' : 'no';
  return {
    action: (change.Action ?? 'Dynamic').toLowerCase() as Change['action'],
    logicalId: change.LogicalResourceId ?? '',
    type: change.ResourceType ?? '',
    replacement,
    danger: dangerOf(change, replacement),
  };
}

const NO_CHANGES = /didn't contain changes|No updates are to be performed/;

async function templateSource(attempt: Attempt, { template, bucket }: Wanted) {
  if (Buffer.byteLength(template) <= MAX_INLINE_BYTES) return { TemplateBody: template };
  if (bucket === null) {
    throw new DeployError(
      'DEPLOY_BLOCKED',
      `The template has more than ${MAX_INLINE_BYTES} bytes and has to go through a bucket: name one with --bucket`,
    );
  }
  const artifact = packTemplate(template, attempt.stackName);
  await putObject(attempt, bucket, artifact);
  return { TemplateURL: attempt.cloud.objectUrl(bucket, artifact.key) };
}

/** All pages of a change set. */
async function describe(attempt: Attempt, name: string) {
  const changes: ResourceChange[] = [];
  let NextToken: string | undefined;
  let status: string;
  let reason: string;
  do {
    const page = await attempt.cloud.cloudFormation.describeChangeSet({
      StackName: attempt.stackName,
      ChangeSetName: name,
      ...(NextToken !== undefined && { NextToken }),
    });
    for (const { ResourceChange: change } of page.Changes ?? []) if (change) changes.push(change);
    ({ NextToken } = page);
    status = page.Status ?? '';
    reason = page.StatusReason ?? '';
  } while (NextToken !== undefined);
  return { status, reason, changes };
}

/**
 * Makes a change set. Null when there is nothing to change.
 * @throws DeployError `DEPLOY_FAILED` when CloudFormation does not accept the template or its parameters.
 */
export async function createChangeSet(attempt: Attempt, wanted: Wanted): Promise<ChangeSet | null> {
  const name = `tenon-${Date.now().toString(36)}-${process.pid}`;
  await attempt.cloud.cloudFormation.createChangeSet({
    StackName: attempt.stackName,
    ChangeSetName: name,
    ChangeSetType: wanted.kind,
    Description: 'Made by tenon deploy',
    Capabilities: ['CAPABILITY_IAM'],
    ...(attempt.roleArn !== null && { RoleARN: attempt.roleArn }),
    Parameters: [...wanted.parameters],
    ...(await templateSource(attempt, wanted)),
  });
  const until = Date.now() + attempt.timeoutMs;
  for (;;) {
    const { status, reason, changes } = await describe(attempt, name);
    if (status === 'CREATE_COMPLETE') return { name, changes: changes.map(changeOf) };
    if (status === 'FAILED' || attempt.signal.aborted || Date.now() > until) {
      await discardChangeSet(attempt, name);
      attempt.signal.throwIfAborted();
      if (NO_CHANGES.test(reason)) return null;
      throw new DeployError(
        'DEPLOY_FAILED',
        `CloudFormation makes no change set: ${reason || status}. Nothing was changed`,
      );
    }
    await sleep(attempt.pollMs);
  }
}

/** Deletes a change set that is not wanted, and the empty stack that was made for it. Also after a request to stop. */
export async function discardChangeSet(attempt: Attempt, name: string): Promise<void> {
  const { cloud, stackName } = attempt;
  await cloud.cloudFormation.deleteChangeSet({ StackName: stackName, ChangeSetName: name });
  const { Stacks: [stack] = [] } = await cloud.cloudFormation.describeStacks({
    StackName: stackName,
  });
  if (stack?.StackStatus !== 'REVIEW_IN_PROGRESS') return;
  await cloud.cloudFormation.deleteStack({ StackName: stackName });
}

/** @throws DeployError `DEPLOY_BLOCKED` when somebody else changed the stack in the meantime. */
export async function executeChangeSet(attempt: Attempt, name: string): Promise<void> {
  try {
    await attempt.cloud.cloudFormation.executeChangeSet({
      StackName: attempt.stackName,
      ChangeSetName: name,
    });
  } catch (error) {
    const { name: type } = error as Error;
    if (
      type !== 'InvalidChangeSetStatus' &&
      type !== 'InvalidChangeSetStatusException' &&
      type !== 'ChangeSetNotFound' &&
      type !== 'ChangeSetNotFoundException'
    )
      throw error;
    throw new DeployError(
      'DEPLOY_BLOCKED',
      `Another deployment changed the stack ${attempt.stackName} in the meantime. What was shown is out of date: deploy again`,
      error,
    );
  }
}
