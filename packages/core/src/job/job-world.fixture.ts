import { createMemoryPersistence } from '@tenon/persistence-memory';
import { CronerCron } from '@tenon/platform-node';
import { createMemoryQueue } from '@tenon/queue-memory';
import {
  aConnection,
  aJobDelivery,
  anInstallation,
  aTenant,
  aUser,
  createTestPlatform,
  recordingLogger,
  recordingSockets,
  testAppContext,
  testContext,
} from '@tenon/testing';
import { z } from 'zod';
import { Registry } from '../app/registry.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Connection } from '../connection/connection.js';
import { defineConnector } from '../connector/connector.js';
import type { ApiClient } from '../connector/api-client.js';
import type { ApiClientFactory } from '../credential/api-client-factory.port.js';
import type { DomainEvent } from '../event/domain-event.js';
import { EventBus } from '../event/event-bus.js';
import type { Installation } from '../installation/installation.js';
import type { Integration } from '../integration/integration.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import type { HttpClient } from '../platform/http-client.port.js';
import type { Persistence } from '../platform/persistence.port.js';
import type { Queue } from '../platform/queue.port.js';
import { beginRun } from '../run/begin-run.js';
import type { Run } from '../run/run.js';
import type { TenantDeletionParts } from '../tenant/delete-tenant.js';
import type { JobDelivery, JobOutcome } from './job-delivery.js';
import { jobSettings } from './job-settings.js';
import type { JobSettings } from './job-settings.js';
import { SocketPublisher } from '../websocket/socket-publisher.js';
import { ProcessJob } from './process-job.use-case.js';
import { relayJobs } from './relay-jobs.js';

export const crm = defineConnector({
  name: 'crm',
  display: { label: 'CRM' },
  auth: { type: 'api_key', placement: { in: 'header', name: 'x-key' } },
  baseUrl: 'https://crm.example',
  webhooks: {
    type: 'hmac',
    algorithm: 'sha256',
    signatureHeader: 'x-signature',
    encoding: 'hex',
    idHeader: 'x-id',
  },
  api: () => ({ name: 'crm' }),
  identity: () => Promise.resolve({ externalId: 'acme' }),
});

export const desk = defineConnector({
  name: 'desk',
  display: { label: 'Desk' },
  auth: { type: 'api_key', placement: { in: 'header', name: 'x-key' } },
  baseUrl: 'https://desk.example',
  api: () => ({ name: 'desk' }),
  identity: () => Promise.resolve({ externalId: 'acme' }),
});

/** What every integration of these tests has. */
export const base = {
  name: 'mirror',
  version: '1.0.0',
  display: { label: 'Mirror' },
  connections: { crm, desk },
  config: z.object({ size: z.number().default(10) }),
};

/** The connectors above send nothing. */
const apiClients: ApiClientFactory = {
  create: (connector) => connector.api({} as ApiClient),
  createTemporary: (connector) => connector.api({} as ApiClient),
};

/** Nobody answers. */
const http: HttpClient = {
  send: ({ url }) => Promise.reject(new Error(`These tests have no network: ${url}`)),
  close: () => Promise.resolve(),
};

export interface WorldOptions {
  readonly settings?: Partial<JobSettings>;
  /** Puts something between the use cases and the database or the queue. */
  readonly persistence?: (inner: Persistence) => Persistence;
  readonly queue?: (inner: Queue) => Queue;
}

/** One tenant with an installation of an integration, and everything that runs its jobs, in memory. */
export class JobWorld {
  readonly platform = createTestPlatform({ cron: new CronerCron() });
  readonly clock = this.platform.clock;
  readonly logger = recordingLogger();
  readonly innerPersistence = createMemoryPersistence();
  readonly innerQueue = createMemoryQueue({
    queues: ['default', 'slow', 'order.fifo'],
    clock: this.clock,
    ids: this.platform.ids,
  });
  readonly sockets = recordingSockets();
  readonly tenant = aTenant();
  readonly app = testAppContext({ logger: this.logger });
  readonly context = testContext({ tenantId: this.tenant.id, logger: this.logger });
  readonly events: DomainEvent[] = [];
  readonly connections: Readonly<Record<'crm' | 'desk', Connection>>;
  readonly parts: TenantDeletionParts;

  constructor(
    readonly integration: Integration,
    options: WorldOptions,
  ) {
    const { tenantId, userId } = this.context;
    const owner = { tenantId, ...(userId !== null && { userId }) };
    this.connections = {
      crm: aConnection({ ...owner, connector: 'crm' }),
      desk: aConnection({ ...owner, connector: 'desk' }),
    };
    const events = new EventBus({ ...this.platform, logger: this.logger });
    events.subscribe('*', (event) => void this.events.push(event));
    this.parts = {
      persistence: options.persistence?.(this.innerPersistence) ?? this.innerPersistence,
      queue: options.queue?.(this.innerQueue) ?? this.innerQueue,
      platform: this.platform,
      settings: jobSettings(options.settings),
      registry: new Registry({ integrations: [integration] }),
      apiClients,
      http,
      audit: new AuditTrail({
        ...this.platform,
        persistence: this.innerPersistence,
        logger: this.logger,
      }),
      events,
      sockets: new SocketPublisher({
        websocketConnections: this.innerPersistence.websocketConnections,
        sender: this.sockets,
        clock: this.clock,
        logger: this.logger,
      }),
      webhookUrl: (id) => `https://tenon.example/api/webhooks/${id}`,
    };
  }

  /** Ids of the connections by slot, as `installations.create` takes them. */
  get slots() {
    return { crm: this.connections.crm.id, desk: this.connections.desk.id };
  }

  async addInstallation(overrides: Partial<Installation> = {}): Promise<Installation> {
    const { tenantId, userId } = this.context;
    const installation = anInstallation({
      tenantId,
      ...(userId !== null && { userId }),
      integration: this.integration.name,
      connections: this.slots,
      config: { size: 10 },
      ...overrides,
    });
    await this.innerPersistence.installations.insert(installation);
    return installation;
  }

  async start(installation: Installation, job: string, input?: unknown): Promise<Run> {
    const wish = { installation, integration: this.integration, job, input, key: undefined };
    return (await beginRun(this.parts, this.context, wish)).run;
  }

  process(
    body: string,
    delivery: Partial<Pick<JobDelivery, 'queue' | 'signal' | 'groupId' | 'receiveCount'>> = {},
  ) {
    const full = aJobDelivery(undefined, { ...delivery, body });
    return new ProcessJob(this.parts).execute(this.app, full);
  }

  /** Works on the next visible message as a worker does; null when there is none. */
  async workOne(
    queue = 'default',
    delivery: { signal?: CancellationSignal } = {},
  ): Promise<JobOutcome | null> {
    const request = { queue, max: 1, waitMs: 0, visibilityMs: 30_000 };
    const [message] = await this.innerQueue.receive(request);
    if (!message) return null;
    const { groupId, receiveCount } = message;
    const outcome = await this.process(message.body, {
      queue,
      receiveCount,
      ...(groupId !== undefined && { groupId }),
      ...delivery,
    });
    if (outcome.decision === 'ack') await this.innerQueue.acknowledge(queue, [message]);
    else await this.innerQueue.release(queue, [message], outcome.delayMs);
    return outcome;
  }

  /** Works until nothing is visible; answers the outcomes as words. */
  async work(queue = 'default'): Promise<string[]> {
    const outcomes: string[] = [];
    for (;;) {
      const outcome = await this.workOne(queue);
      if (!outcome) return outcomes;
      outcomes.push(outcome.decision === 'ack' ? outcome.result : outcome.reason);
    }
  }

  /** Lets time pass, relays and works, until nothing is left. */
  async settle(rounds = 40): Promise<string[]> {
    const outcomes = await this.work();
    for (let round = 0; round < rounds; round += 1) {
      this.clock.jumpTo(new Date(this.clock.now().getTime() + 20 * 60_000));
      await relayJobs(this.parts, 100, this.logger);
      const more = await this.work();
      outcomes.push(...more);
      const { waiting } = await this.innerPersistence.outbox.status();
      const status = await this.innerQueue.status();
      if (
        waiting === 0 &&
        status.every((each) => each.waiting + each.delayed + each.inFlight === 0)
      )
        break;
    }
    return outcomes;
  }

  async run({ id }: Pick<Run, 'id'>): Promise<Run> {
    const run = await this.innerPersistence.runs.find(this.tenant.id, id);
    if (!run) throw new Error(`There is no run ${id}`);
    return run;
  }

  async deadLetters() {
    const page = { limit: 200, after: null };
    return (await this.innerPersistence.deadLetters.list(this.tenant.id, {}, page)).items;
  }

  eventsOf(type: DomainEvent['type']): DomainEvent[] {
    return this.events.filter((event) => event.type === type);
  }
}

/** Makes a world with its tenant and connections. */
export async function jobWorld(
  integration: unknown,
  options: WorldOptions = {},
): Promise<JobWorld> {
  const world = new JobWorld(integration as Integration, options);
  const { tenants, users, connections } = world.innerPersistence;
  await tenants.insert(world.tenant);
  const { userId: id } = world.context;
  if (id !== null) await users.insert(aUser({ id, tenantId: world.tenant.id }));
  await connections.insert(world.connections.crm);
  await connections.insert(world.connections.desk);
  return world;
}
