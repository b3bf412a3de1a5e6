import type { Stack, StackEvent } from '@aws-sdk/client-cloudformation';
import { hasCode } from '@tenon/core';
import { waitFor } from './attempt.js';
import type { Attempt } from './attempt.js';
import { DeployError } from './deploy.errors.js';

/** A stack as it is now. */
export interface StackState {
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly parameters: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'ValidationError' &&
  error.message.includes('does not exist');

function stateOf(stack: Stack): StackState {
  const parameters = (stack.Parameters ?? []).map(
    ({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue] as const,
  );
  const outputs = (stack.Outputs ?? []).map(
    ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
  );
  return {
    id: stack.StackId ?? '',
    status: stack.StackStatus ?? '',
    reason: stack.StackStatusReason ?? null,
    parameters: new Map(parameters),
    outputs: new Map(outputs),
  };
}

/** The stack of a name or an id; null when there is none. */
export async function findStack(
  { cloud }: Pick<Attempt, 'cloud'>,
  name: string,
): Promise<StackState | null> {
  try {
    const { Stacks: [stack] = [] } = await cloud.cloudFormation.describeStacks({ StackName: name });
    return stack ? stateOf(stack) : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Commands with which a person looks after what goes on. */
export function byHand({ cloud, stackName }: Pick<Attempt, 'cloud' | 'stackName'>): {
  readonly watch: string;
  readonly cancel: string;
  readonly goOnBack: string;
} {
  const where = `--stack-name ${stackName} --region ${cloud.region}`;
  return {
    watch: `aws cloudformation describe-stack-events ${where}`,
    cancel: `aws cloudformation cancel-update-stack ${where}`,
    goOnBack: `aws cloudformation continue-update-rollback ${where}`,
  };
}

/** How an operation on a stack ended. */
export interface StackEnd {
  readonly stack: StackState;
  /** What failed by itself, and why. */
  readonly failures: readonly string[];
}

const FOLLOWS_FROM_ANOTHER = /cancelled|The following resource\(s\) failed/;

function eventText(event: StackEvent): string {
  const { ResourceStatus = '', ResourceType = '', LogicalResourceId = '' } = event;
  const reason = event.ResourceStatusReason;
  return `${ResourceStatus} ${ResourceType} ${LogicalResourceId}${reason === undefined ? '' : `: ${reason}`}`;
}

/** Tells what happens to a stack, from now on. */
export class StackWatch {
  readonly #attempt: Attempt;
  readonly #seen = new Set<string>();
  readonly #failures: string[] = [];
  readonly #name: string;

  private constructor(attempt: Attempt, name: string) {
    this.#attempt = attempt;
    this.#name = name;
  }

  /** Begins before the operation does, so that what happened earlier is not told. */
  static async begin(attempt: Attempt, name = attempt.stackName): Promise<StackWatch> {
    const watch = new StackWatch(attempt, name);
    for (const { EventId = '' } of await watch.#unseen()) watch.#seen.add(EventId);
    return watch;
  }

  /** Resolves when nothing goes on any more. @throws DeployError `DEPLOY_FAILED` when that takes too long. */
  async end(): Promise<StackEnd> {
    const stack = await waitFor(
      this.#attempt,
      async () => {
        const state = await this.#look();
        return state?.status.endsWith('_IN_PROGRESS') === false ? state : null;
      },
      () =>
        `The stack ${this.#name} is still at it after ${Math.round(this.#attempt.timeoutMs / 60_000)} minutes. ` +
        `Watch it with: ${byHand(this.#attempt).watch}`,
    );
    return { stack, failures: this.#failures };
  }

  /** Null when AWS cannot be reached: what goes on there does so without us. */
  async #look(): Promise<StackState | null> {
    let state: StackState | null;
    try {
      state = await findStack(this.#attempt, this.#name);
      await this.#tellEvents();
    } catch (error) {
      if (!hasCode(error, 'AWS_UNREACHABLE')) throw error;
      this.#attempt.tell(`${(error as Error).message}; trying again`);
      return null;
    }
    if (state !== null) return state;
    throw new DeployError('DEPLOY_FAILED', `The stack ${this.#name} is gone`);
  }

  async #unseen(): Promise<StackEvent[]> {
    const { cloudFormation } = this.#attempt.cloud;
    const events: StackEvent[] = [];
    let NextToken: string | undefined;
    do {
      const page = await cloudFormation.describeStackEvents({
        StackName: this.#name,
        ...(NextToken !== undefined && { NextToken }),
      });
      const fresh = (page.StackEvents ?? []).filter(({ EventId = '' }) => !this.#seen.has(EventId));
      events.push(...fresh);
      // Newest come first: behind what was seen there is nothing new.
      const whole = fresh.length === page.StackEvents?.length;
      NextToken = whole && this.#seen.size > 0 ? page.NextToken : undefined;
    } while (NextToken !== undefined);
    return events;
  }

  async #tellEvents(): Promise<void> {
    for (const event of (await this.#unseen()).reverse()) {
      const { EventId = '', ResourceStatus = '', LogicalResourceId = '' } = event;
      const reason = event.ResourceStatusReason ?? '';
      this.#seen.add(EventId);
      this.#attempt.tell(eventText(event));
      if (ResourceStatus.endsWith('_FAILED') && reason !== '' && !FOLLOWS_FROM_ANOTHER.test(reason))
        this.#failures.push(`${LogicalResourceId}: ${reason}`);
    }
  }
}

/** Deletes a stack that could not be made. @throws DeployError `DEPLOY_FAILED` when it cannot be deleted either. */
export async function deleteStack(attempt: Attempt, stack: StackState): Promise<void> {
  await attempt.cloud.cloudFormation.deleteStack({ StackName: stack.id });
  const { stack: end, failures } = await (await StackWatch.begin(attempt, stack.id)).end();
  if (end.status === 'DELETE_COMPLETE') return;
  throw new DeployError(
    'DEPLOY_FAILED',
    `The stack ${attempt.stackName} could not be deleted (${end.status}): ${failures.join('; ') || (end.reason ?? '')}`,
  );
}
