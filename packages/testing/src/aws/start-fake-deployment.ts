import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsFault, type PlannedFault } from './aws-fault.js';
import { FakeCloudFormation } from './fake-cloud-formation.js';
import { FakeFunctions, type FunctionBehaviour } from './fake-functions.js';
import type { FakeStack } from './fake-stack.js';
import { faultOf, PlannedFaults } from './planned-faults.js';
import { queryAnswer, queryFault } from './query-protocol.js';
import type { StackParameters } from './stack-template.js';

/** A stack as a test sees it. */
export interface FakeStackState {
  readonly status: string;
  readonly parameters: StackParameters;
  readonly outputs: StackParameters;
  /** Ids of what it is made of: logical to physical. */
  readonly resources: StackParameters;
}

/** A running fake of CloudFormation and of Lambda. */
export interface FakeDeployment {
  /** For `AWS_ENDPOINT_URL_CLOUDFORMATION` and `AWS_ENDPOINT_URL_LAMBDA`. */
  readonly endpoint: string;
  /** Services and operations, oldest first: `cloudformation.CreateChangeSet`. */
  readonly calls: readonly string[];
  /** Names of change sets that nobody has executed or deleted. */
  readonly openChangeSets: readonly string[];
  /** Undefined when there is none. */
  stack(name: string): FakeStackState | undefined;
  /** The key of the code that a function has now, by its physical name. */
  codeKey(functionName: string): string | undefined;
  /** What invoked functions do. Default: they answer null. */
  whenInvoked(behaviour: FunctionBehaviour): void;
  /** Told when an operation on a stack has come to its end, before whoever asks sees it. */
  whenEnded(listener: (stack: FakeStackState) => void | Promise<void>): void;
  /** The next operation that touches this resource fails; the stack goes back, or fails to. */
  failResource(
    logicalId: string,
    options: { readonly reason: string; readonly alsoGoingBack?: boolean },
  ): void;
  /** The next change set cannot be made. */
  failChangeSet(reason: string): void;
  /** While held, no operation on a stack goes on. */
  hold(held: boolean): void;
  /** Makes coming calls fail. */
  failNext(fault: PlannedFault): void;
  clearFaults(): void;
  stop(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function stateOf({ status, parameters, current }: FakeStack): FakeStackState {
  const resources = [...(current?.resources ?? [])].map(
    ([id, { physicalId }]) => [id, physicalId] as const,
  );
  return {
    status,
    parameters,
    outputs: current?.outputs ?? {},
    resources: Object.fromEntries(resources),
  };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const FUNCTION = /^\/2015-03-31\/functions\/([^/]+)\/(invocations|code|configuration)$/;
const LAMBDA = { invocations: 'Invoke', code: 'UpdateFunctionCode' } as const;

function asFault(error: unknown): AwsFault {
  return error instanceof AwsFault
    ? error
    : new AwsFault('InternalFailure', error instanceof Error ? error.message : '', 500);
}

class Deployment {
  readonly calls: string[] = [];
  readonly faults = new PlannedFaults();
  readonly cloudFormation = new FakeCloudFormation();
  readonly functions = new FakeFunctions();

  /** Null when the connection is to be cut. */
  async reply(request: IncomingMessage): Promise<Reply | null> {
    const body = await readBody(request);
    const [, name, what] = FUNCTION.exec((request.url ?? '').replace(/\?.*/, '')) ?? [];
    return name === undefined
      ? this.#query(new URLSearchParams(body))
      : this.#lambda(decodeURIComponent(name), what ?? '', body);
  }

  /** @throws AwsFault when the call is planned to fail; `cut` when its connection is. */
  #enter(operation: string): 'cut' | 'go' {
    this.calls.push(operation);
    const planned = this.faults.take(operation);
    if (planned?.disconnect === true) return 'cut';
    if (planned) throw faultOf(planned);
    return 'go';
  }

  async #query(form: URLSearchParams): Promise<Reply | null> {
    const headers = { 'content-type': 'text/xml' };
    const name = form.get('Action') ?? '';
    try {
      if (this.#enter(`cloudformation.${name}`) === 'cut') return null;
      const operation = this.cloudFormation.operations[name];
      if (!operation) throw new AwsFault('InvalidAction', `Could not find operation ${name}`);
      return { status: 200, headers, body: queryAnswer(name, await operation(form)) };
    } catch (error) {
      const fault = asFault(error);
      return { status: fault.status, headers, body: queryFault(fault) };
    }
  }

  async #lambda(name: string, what: string, body: string): Promise<Reply | null> {
    const headers = { 'content-type': 'application/json' };
    try {
      const operation = LAMBDA[what as keyof typeof LAMBDA] as string | undefined;
      if (this.#enter(`lambda.${operation ?? 'GetFunctionConfiguration'}`) === 'cut') return null;
      if (what !== 'invocations') {
        const answer =
          what === 'code'
            ? this.functions.updateCode(name, body)
            : this.functions.configuration(name);
        return { status: 200, headers, body: JSON.stringify(answer) };
      }
      const { payload, failed } = await this.functions.invoke(name);
      const more: Record<string, string> = failed ? { 'x-amz-function-error': 'Unhandled' } : {};
      return { status: 200, headers: { ...headers, ...more }, body: JSON.stringify(payload) };
    } catch (error) {
      const { type, message, status } = asFault(error);
      const typed = { ...headers, 'x-amzn-errortype': type };
      return { status, headers: typed, body: JSON.stringify({ Message: message }) };
    }
  }
}

function respond(response: ServerResponse, reply: Reply | null): void {
  if (reply === null) response.destroy();
  else response.writeHead(reply.status, reply.headers).end(reply.body);
}

/**
 * Starts CloudFormation (stacks, change sets, events) and Lambda (code and invocation of the stacks' functions) on loopback, for
 * the real SDK clients. An operation on a stack makes a step each time that the stack is described. Nothing is kept after
 * `stop`.
 */
export async function startFakeDeployment(): Promise<FakeDeployment> {
  const deployment = new Deployment();
  const { cloudFormation, functions, faults, calls } = deployment;
  let ended: (stack: FakeStackState) => void | Promise<void> = () => undefined;
  cloudFormation.onEnd = async (stack) => {
    functions.take(stack);
    await ended(stateOf(stack));
  };
  const server = createServer((request, response) => {
    void deployment.reply(request).then((reply) => respond(response, reply));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    get openChangeSets() {
      return cloudFormation.openChangeSets;
    },
    stack: (name) => {
      const found = cloudFormation.stacks.get(name);
      return found && stateOf(found);
    },
    codeKey: (name) => functions.codeKeys.get(name),
    whenInvoked: (behaviour) => (functions.behaviour = behaviour),
    whenEnded: (listener) => (ended = listener),
    failResource: (logicalId, { reason, alsoGoingBack = false }) =>
      cloudFormation.failures.push({ logicalId, reason, alsoGoingBack }),
    failChangeSet: (reason) => cloudFormation.refusals.push(reason),
    hold: (held) => (cloudFormation.held = held),
    failNext: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
