import { AwsFault } from './aws-fault.js';
import { changesBetween, FakeStack } from './fake-stack.js';
import type { PlannedFailure, StackChange } from './fake-stack.js';
import { queryList } from './query-protocol.js';
import { StackTemplate } from './stack-template.js';
import type { StackParameters } from './stack-template.js';

interface ChangeSet {
  readonly name: string;
  readonly stack: FakeStack;
  readonly next: StackTemplate;
  readonly changes: readonly StackChange[];
  /** Null when it can be executed. */
  readonly failure: string | null;
  seen: boolean;
}

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

type Answer = object | Promise<object>;

/** The value of a field that has to be there. */
function field(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value !== null && value !== '') return value;
  throw new AwsFault('ValidationError', `${name} must not be empty`);
}

/** CloudFormation in memory: stacks, change sets, events. An operation makes a step each time that its stack is described. */
export class FakeCloudFormation {
  readonly stacks = new Map<string, FakeStack>();
  readonly failures: PlannedFailure[] = [];
  /** Reasons for which coming change sets cannot be made. */
  readonly refusals: string[] = [];
  /** While true, no operation goes on. */
  held = false;
  /** Told when an operation has come to its end. */
  onEnd: (stack: FakeStack) => void | Promise<void> = () => undefined;
  readonly #sets: ChangeSet[] = [];
  readonly #gone: FakeStack[] = [];
  #serial = 0;

  readonly operations: Readonly<Record<string, (form: URLSearchParams) => Answer>> = {
    CreateChangeSet: (form) => this.#createChangeSet(form),
    DescribeChangeSet: (form) => this.#describeChangeSet(form),
    ExecuteChangeSet: (form) => this.#executeChangeSet(form),
    DeleteChangeSet: (form) => this.#deleteChangeSet(form),
    DescribeStacks: (form) => this.#describeStacks(form),
    DescribeStackEvents: (form) => ({ StackEvents: this.#find(form).events }),
    GetTemplate: (form) => ({ TemplateBody: this.#find(form).current?.text }),
    ContinueUpdateRollback: (form) => {
      this.#find(form).continueBack();
      return {};
    },
    CreateStack: (form) => this.#createStack(form),
    DeleteStack: (form) => this.#deleteStack(form),
  };

  /** Names of change sets that nobody has executed or deleted. */
  get openChangeSets(): string[] {
    return this.#sets.map(({ name }) => name);
  }

  #find(form: URLSearchParams): FakeStack {
    const name = field(form, 'StackName');
    const found =
      this.stacks.get(name) ??
      [...this.stacks.values(), ...this.#gone].find(({ id }) => id === name);
    if (found) return found;
    throw new AwsFault('ValidationError', `Stack with id ${name} does not exist`);
  }

  #findSet(form: URLSearchParams): ChangeSet {
    const name = field(form, 'ChangeSetName');
    const found = this.#sets.find((each) => each.name === name);
    if (found) return found;
    throw new AwsFault('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);
  }

  #createStack(form: URLSearchParams): object {
    const stack = this.#stackFor(form, 'CREATE');
    const text = field(form, 'TemplateBody');
    stack.begin(new StackTemplate(text, this.#parameters(form, stack), stack.name), null);
    return { StackId: stack.id };
  }

  #deleteStack(form: URLSearchParams): object {
    const stack = this.#find(form);
    if (stack.status === 'REVIEW_IN_PROGRESS') this.stacks.delete(stack.name);
    else stack.beginDeletion();
    return {};
  }

  async #createChangeSet(form: URLSearchParams): Promise<object> {
    const stack = this.#stackFor(form, form.get('ChangeSetType') ?? 'UPDATE');
    const url = form.get('TemplateURL');
    const text = url === null ? form.get('TemplateBody') : await (await fetch(url)).text();
    const next = new StackTemplate(
      text ?? stack.current?.text ?? '',
      this.#parameters(form, stack),
      stack.name,
    );
    const changes = changesBetween(stack.current, next);
    const refused = this.refusals.shift();
    const failure = refused ?? (changes.length === 0 ? NO_CHANGES : null);
    const name = field(form, 'ChangeSetName');
    this.#sets.push({ name, stack, next, changes, failure, seen: false });
    return { Id: name, StackId: stack.id };
  }

  #stackFor(form: URLSearchParams, kind: string): FakeStack {
    const name = field(form, 'StackName');
    const found = this.stacks.get(name);
    if (kind === 'CREATE') {
      if (found && found.status !== 'REVIEW_IN_PROGRESS') {
        throw new AwsFault('AlreadyExistsException', `Stack [${name}] already exists`);
      }
      const made = found ?? new FakeStack(name, (this.#serial += 1));
      this.stacks.set(name, made);
      return made;
    }
    const stack = this.#find(form);
    if (/IN_PROGRESS$|^ROLLBACK_COMPLETE$|FAILED$/.test(stack.status)) {
      throw new AwsFault(
        'ValidationError',
        `Stack:${stack.id} is in ${stack.status} state and can not be updated.`,
      );
    }
    return stack;
  }

  #parameters(form: URLSearchParams, stack: FakeStack): StackParameters {
    const given = queryList(form, 'Parameters').map((each) => {
      const name = each['ParameterKey'] ?? '';
      const previous = each['UsePreviousValue'] === 'true' ? stack.parameters[name] : undefined;
      return [name, previous ?? each['ParameterValue'] ?? ''] as const;
    });
    return Object.fromEntries(given);
  }

  #describeChangeSet(form: URLSearchParams): object {
    const set = this.#findSet(form);
    const done = set.seen;
    set.seen = true;
    const status = set.failure === null ? 'CREATE_COMPLETE' : 'FAILED';
    return {
      ChangeSetName: set.name,
      StackName: set.stack.name,
      Status: done ? status : 'CREATE_IN_PROGRESS',
      ...(done && set.failure !== null && { StatusReason: set.failure }),
      Changes: set.changes.map((change) => ({ Type: 'Resource', ResourceChange: change })),
    };
  }

  #executeChangeSet(form: URLSearchParams): object {
    const { stack, next, changes, failure } = this.#findSet(form);
    if (failure !== null || stack.goesOn) {
      throw new AwsFault('InvalidChangeSetStatus', 'The change set cannot be executed');
    }
    const at = this.failures.findIndex(({ logicalId }) =>
      changes.some(({ LogicalResourceId }) => LogicalResourceId === logicalId),
    );
    const [planned = null] = at < 0 ? [] : this.failures.splice(at, 1);
    stack.begin(next, planned);
    // Whatever else was prepared for the stack is out of date.
    const others = this.#sets.filter((each) => each.stack !== stack);
    this.#sets.splice(0, this.#sets.length, ...others);
    return {};
  }

  #deleteChangeSet(form: URLSearchParams): object {
    const set = this.#sets.find(({ name }) => name === field(form, 'ChangeSetName'));
    if (set) this.#sets.splice(this.#sets.indexOf(set), 1);
    return {};
  }

  async #describeStacks(form: URLSearchParams): Promise<object> {
    const stack = this.#find(form);
    if (!this.held && stack.goesOn && stack.advance() === 'ended') await this.onEnd(stack);
    if (stack.status === 'DELETE_COMPLETE' && this.stacks.get(stack.name) === stack) {
      this.stacks.delete(stack.name);
      this.#gone.push(stack);
    }
    const pairs = (values: StackParameters, kind: 'Parameter' | 'Output'): object[] =>
      Object.entries(values).map(([key, value]) => ({
        [`${kind}Key`]: key,
        [`${kind}Value`]: value,
      }));
    return {
      Stacks: [
        {
          StackId: stack.id,
          StackName: stack.name,
          StackStatus: stack.status,
          ...(stack.reason !== null && { StackStatusReason: stack.reason }),
          CreationTime: new Date(),
          Parameters: pairs(stack.parameters, 'Parameter'),
          Outputs: pairs(stack.current?.outputs ?? {}, 'Output'),
        },
      ],
    };
  }
}
