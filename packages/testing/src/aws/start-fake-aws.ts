import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsFault, type PlannedFault } from './aws-fault.js';
import { FakeKms } from './fake-kms.js';
import { FakeSecretsManager } from './fake-secrets-manager.js';
import { answerExtension, type ExtensionCall } from './parameters-secrets-extension.js';
import { faultOf, PlannedFaults } from './planned-faults.js';
import type { Operation, OperationInput } from './operation.js';

/** One call that reached the fake. */
export interface FakeAwsCall {
  /** Service and operation: `kms.Decrypt`. */
  readonly operation: string;
  /** Whether it carried a Signature Version 4. */
  readonly signed: boolean;
}

/** A running fake of AWS services. */
export interface FakeAws {
  /** For the `endpoint` option of SDK clients, or `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly port: number;
  /** Oldest first. */
  readonly calls: readonly FakeAwsCall[];
  /** Session token that the Parameters and Secrets extension expects. */
  readonly sessionToken: string;
  /** Makes coming calls fail. */
  failNext(fault: PlannedFault): void;
  clearFaults(): void;
  stop(): Promise<void>;
}

const SERVICES: Readonly<Record<string, string>> = {
  secretsmanager: 'secretsmanager',
  TrentService: 'kms',
};

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

class Services {
  readonly calls: FakeAwsCall[] = [];
  readonly faults = new PlannedFaults();
  readonly #operations = new Map<string, Operation>();

  constructor() {
    const address = { region: 'us-east-1', account: '000000000000' };
    const services = {
      secretsmanager: new FakeSecretsManager(address),
      kms: new FakeKms(address),
    };
    for (const [service, { operations }] of Object.entries(services)) {
      for (const [name, operation] of Object.entries(operations)) {
        this.#operations.set(`${service}.${name}`, operation);
      }
    }
  }

  /** The answer to a call; null when the connection is to be cut. */
  call(call: FakeAwsCall, input: OperationInput): Answer | null {
    this.calls.push(call);
    const planned = this.faults.take(call.operation);
    if (planned?.disconnect === true) return null;
    try {
      if (planned !== undefined) throw faultOf(planned);
      const operation = this.#operations.get(call.operation);
      if (operation === undefined) throw new AwsFault('UnknownOperationException', call.operation);
      return { status: 200, body: operation(input) };
    } catch (error) {
      const fault =
        error instanceof AwsFault
          ? error
          : new AwsFault('InternalServiceError', String(error), 500);
      return { status: fault.status, body: { __type: fault.type, message: fault.message } };
    }
  }
}

function operationOf(request: IncomingMessage): string {
  const [target = '', name = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  return `${SERVICES[target] ?? target}.${name}`;
}

function respond(response: ServerResponse, answer: Answer | null): void {
  if (answer === null) {
    response.destroy();
    return;
  }
  const headers: OutgoingHttpHeaders = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  };
  response.writeHead(answer.status, headers).end(JSON.stringify(answer.body));
}

function extensionCall(request: IncomingMessage, services: Services, token: string): ExtensionCall {
  return {
    url: request.url ?? '/',
    token: request.headers['x-aws-parameters-secrets-token'],
    expectedToken: token,
    getSecretValue: (input) =>
      services.call({ operation: 'secretsmanager.GetSecretValue', signed: false }, input),
  };
}

/**
 * Starts Secrets Manager and KMS on loopback, for the real SDK clients; and, on the same port, the HTTP interface of
 * the Lambda Parameters and Secrets extension over the same secrets. Nothing is kept after `stop`.
 */
export async function startFakeAws(): Promise<FakeAws> {
  const services = new Services();
  const sessionToken = randomUUID();
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      if (request.method === 'GET') {
        respond(response, answerExtension(extensionCall(request, services, sessionToken)));
        return;
      }
      const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') === true;
      const input = JSON.parse(body === '' ? '{}' : body) as OperationInput;
      respond(response, services.call({ operation: operationOf(request), signed }, input));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    calls: services.calls,
    sessionToken,
    failNext: (fault) => services.faults.add(fault),
    clearFaults: () => services.faults.clear(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
