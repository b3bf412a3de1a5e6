import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsFault, type PlannedFault } from './aws-fault.js';
import { FakeScheduler, type FakeSchedulerCall } from './fake-scheduler.js';
import { faultOf, PlannedFaults } from './planned-faults.js';
import type { OperationInput } from './operation.js';
import { readBody } from './read-body.js';

/** A running fake of EventBridge Scheduler. */
export interface FakeSchedulerServer {
  /** For the `endpoint` option of SDK clients. */
  readonly endpoint: string;
  /** Operations that were asked for, oldest first. */
  readonly operations: readonly string[];
  /** Names of the schedules that there are. */
  readonly names: readonly string[];
  /** Moves its clock; answers which targets were called on the way. */
  advanceTo(moment: Date): readonly FakeSchedulerCall[];
  /** Makes coming calls fail; `operation` is one of `CreateSchedule`, `DeleteSchedule`, `ListSchedules`. */
  failNext(fault: PlannedFault): void;
  clearFaults(): void;
  stop(): Promise<void>;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  POST: 'CreateSchedule',
  DELETE: 'DeleteSchedule',
};

function perform(scheduler: FakeScheduler, request: IncomingMessage, body: string): object {
  const url = new URL(request.url ?? '/', 'http://fake');
  const [, root, name] = url.pathname.split('/').map(decodeURIComponent);
  const input = JSON.parse(body === '' ? '{}' : body) as OperationInput;
  if (root === 'schedules' && request.method === 'GET' && name === undefined)
    return scheduler.list(url.searchParams);
  if (root === 'schedules' && request.method === 'POST' && name !== undefined)
    return scheduler.create(name, input);
  if (root === 'schedules' && request.method === 'DELETE' && name !== undefined)
    return scheduler.delete(name, url.searchParams.get('groupName') ?? undefined);
  throw new AwsFault('UnknownOperationException', `${request.method ?? ''} ${url.pathname}`, 404);
}

function respond(response: ServerResponse, work: () => object): void {
  try {
    const body = JSON.stringify(work());
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  } catch (error) {
    const fault =
      error instanceof AwsFault
        ? error
        : new AwsFault('InternalServerException', String(error), 500);
    const headers = { 'content-type': 'application/json', 'x-amzn-errortype': fault.type };
    response.writeHead(fault.status, headers).end(JSON.stringify({ Message: fault.message }));
  }
}

/** Starts EventBridge Scheduler on loopback, for the real SDK client. Its clock stands still until it is moved. */
export async function startFakeScheduler(options: {
  readonly groups: readonly string[];
  readonly now: Date;
}): Promise<FakeSchedulerServer> {
  const scheduler = new FakeScheduler(new Set(options.groups), options.now);
  const faults = new PlannedFaults();
  const operations: string[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const operation = OPERATIONS[request.method ?? ''] ?? 'ListSchedules';
      operations.push(operation);
      const planned = faults.take(operation);
      if (planned?.disconnect === true) {
        response.destroy();
        return;
      }
      respond(response, () => {
        if (planned) throw faultOf(planned);
        return perform(scheduler, request, body);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    operations,
    get names() {
      return scheduler.names;
    },
    advanceTo: (moment) => scheduler.advanceTo(moment),
    failNext: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
