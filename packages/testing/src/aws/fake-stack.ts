import { AwsFault } from './aws-fault.js';
import type { StackParameters, StackResource, StackTemplate } from './stack-template.js';

/** What happened to a resource or to the stack itself. */
export interface StackEvent {
  readonly EventId: string;
  readonly Timestamp: Date;
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
}

/** What a change set would do with one resource. */
export interface StackChange {
  readonly Action: 'Add' | 'Modify' | 'Remove';
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly Replacement?: 'True' | 'False';
  readonly PolicyAction?: string;
}

/** A resource that will fail. */
export interface PlannedFailure {
  readonly logicalId: string;
  readonly reason: string;
  /** The way back fails, too. */
  readonly alsoGoingBack: boolean;
}

/** Properties that cannot be changed in place. */
const REPLACES: Readonly<Record<string, readonly string[]>> = {
  'AWS::SQS::Queue': ['FifoQueue', 'QueueName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
};

function changeOf(id: string, old: StackResource, next: StackResource): StackChange | null {
  const named = { LogicalResourceId: id, ResourceType: next.type };
  const same = (property: string): boolean =>
    JSON.stringify(old.properties[property]) === JSON.stringify(next.properties[property]);
  const changed = Object.keys({ ...old.properties, ...next.properties }).some(
    (property) => !same(property),
  );
  if (!changed) return null;
  const replaced = (REPLACES[next.type] ?? []).some((property) => !same(property));
  return {
    ...named,
    Action: 'Modify',
    Replacement: replaced ? 'True' : 'False',
    ...(replaced && { PolicyAction: 'ReplaceAndDelete' }),
  };
}

/** What leads from one template to another. */
export function changesBetween(old: StackTemplate | null, next: StackTemplate): StackChange[] {
  const before = old?.resources ?? new Map<string, StackResource>();
  const kept = [...next.resources].flatMap(([id, resource]): StackChange[] => {
    const was = before.get(id);
    if (!was) {
      return [{ Action: 'Add', LogicalResourceId: id, ResourceType: resource.type }];
    }
    const change = changeOf(id, was, resource);
    return change === null ? [] : [change];
  });
  const removed = [...before].flatMap(([id, { type, deletionPolicy }]): StackChange[] => {
    if (next.resources.has(id)) return [];
    const PolicyAction = deletionPolicy.startsWith('Retain') ? 'Retain' : 'Delete';
    return [{ Action: 'Remove', LogicalResourceId: id, ResourceType: type, PolicyAction }];
  });
  return [...kept, ...removed];
}

const VERBS = { Add: 'CREATE', Modify: 'UPDATE', Remove: 'DELETE' };

/** One stack: its state, what it is made of, and what goes on. Each `advance` is one step of the operation that goes on. */
export class FakeStack {
  readonly name: string;
  readonly id: string;
  readonly events: StackEvent[] = [];
  status = 'REVIEW_IN_PROGRESS';
  reason: string | null = null;
  current: StackTemplate | null = null;
  #steps: (() => void)[] = [];

  constructor(name: string, serial: number) {
    this.name = name;
    this.id = `arn:aws:cloudformation:us-east-1:000000000000:stack/${name}/${serial}`;
  }

  get parameters(): StackParameters {
    return this.current?.parameters ?? {};
  }

  get goesOn(): boolean {
    return this.#steps.length > 0;
  }

  advance(): 'ended' | 'goes on' {
    this.#steps.shift()?.();
    return this.goesOn ? 'goes on' : 'ended';
  }

  /** Begins to make or update the stack. */
  begin(next: StackTemplate, failure: PlannedFailure | null): void {
    const verb = this.current === null ? 'CREATE' : 'UPDATE';
    const changes = changesBetween(this.current, next);
    this.#become(`${verb}_IN_PROGRESS`, 'User Initiated');
    const failing = changes.find(({ LogicalResourceId: id }) => id === failure?.logicalId);
    this.#steps = changes
      .filter((change) => change !== failing)
      .map((change) => () => this.#change(change));
    if (failing && failure) this.#steps.push(...this.#failing(failing, verb, failure));
    else {
      this.#steps.push(() => {
        this.current = next;
        this.#become(`${verb}_COMPLETE`);
      });
    }
  }

  /** Begins to go on with a way back that failed. */
  continueBack(): void {
    if (this.status !== 'UPDATE_ROLLBACK_FAILED') {
      throw new AwsFault('ValidationError', `Stack:${this.id} is in ${this.status} state.`);
    }
    this.#become('UPDATE_ROLLBACK_IN_PROGRESS');
    this.#steps = [() => this.#become('UPDATE_ROLLBACK_COMPLETE')];
  }

  /** Begins to delete the stack. */
  beginDeletion(): void {
    this.#become('DELETE_IN_PROGRESS');
    this.#steps = [() => this.#become('DELETE_COMPLETE')];
  }

  #failing(change: StackChange, verb: string, failure: PlannedFailure): (() => void)[] {
    const back = verb === 'CREATE' ? 'ROLLBACK' : 'UPDATE_ROLLBACK';
    const { reason, alsoGoingBack } = failure;
    return [
      () => {
        this.#event(change.LogicalResourceId, change.ResourceType, [`${verb}_FAILED`, reason]);
        this.#become(`${back}_IN_PROGRESS`, `The following resource(s) failed: ${reason}`);
      },
      () => {
        this.#become(`${back}_${alsoGoingBack ? 'FAILED' : 'COMPLETE'}`);
      },
    ];
  }

  #change({ Action, LogicalResourceId, ResourceType }: StackChange): void {
    for (const state of ['IN_PROGRESS', 'COMPLETE']) {
      this.#event(LogicalResourceId, ResourceType, [`${VERBS[Action]}_${state}`, undefined]);
    }
  }

  #become(status: string, reason?: string): void {
    this.status = status;
    this.reason = reason ?? null;
    this.#event(this.name, 'AWS::CloudFormation::Stack', [status, reason]);
  }

  #event(id: string, type: string, [status, reason]: readonly [string, string | undefined]): void {
    this.events.unshift({
      EventId: `${this.events.length}`,
      Timestamp: new Date(),
      LogicalResourceId: id,
      ResourceType: type,
      ResourceStatus: status,
      ...(reason !== undefined && { ResourceStatusReason: reason }),
    });
  }
}
