import type { Connection } from '../connection/connection.js';
import type { ApiOf, Connector } from '../connector/connector.js';
import type { WebhookEvent } from '../connector/webhook-scheme.js';
import type { Installation } from '../installation/installation.js';
import type { JobId } from '../job/job.js';
import type { Mapping } from '../mapping/mapping.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import type { JsonObject, JsonValue } from '../platform/json.js';
import type { Logger } from '../platform/logger.port.js';
import type { InferInput, InferOutput, StandardSchemaV1 } from '../platform/standard-schema.js';
import type { RunId, RunProgress, RunProgressDelta } from '../run/run.js';
import type { SocketTally } from '../websocket/socket-fan-out.js';
import type { SocketAudience } from '../websocket/socket-publisher.js';

/** Slots of an integration and the connector of each. */
export type ConnectionSlots = Readonly<Record<string, Connector>>;

/** Schemas of inputs by the name of the job or action; `unknown` for those without one, so that inference can fill it. */
export type SchemaMap = Readonly<Record<string, unknown>>;

/** A bound connection, with the typed client of its connector. */
export interface BoundConnection<Api> extends Pick<
  Connection,
  'id' | 'connector' | 'name' | 'externalId' | 'profile'
> {
  readonly api: Api;
}

/** What a job of this schema takes; jobs without a schema take nothing. */
export type JobInput<S> = S extends StandardSchemaV1 ? InferInput<S> : undefined;

/** What the handler of a job with this schema gets. */
export type JobOutput<S> = S extends StandardSchemaV1 ? InferOutput<S> : undefined;

/** Options of enqueueing a job. */
export interface EnqueueOptions {
  /** A second job of this installation with the same key is dropped. At most 200 characters. */
  readonly key?: string;
  readonly delayMs?: number;
  /** Jobs of one group run in order where the queue is FIFO. */
  readonly group?: string;
}

/** Options of starting a run. */
export interface StartRunOptions extends EnqueueOptions {
  /** A second run of this installation with the same key is not started; the first one's id is answered. */
  readonly runKey?: string;
}

/** Enqueues jobs and starts runs. They leave together with everything else that the handler changes, or not at all. */
export interface JobsHandle<Jobs extends SchemaMap> {
  /** In a run, the job belongs to the run. Answers the job's id. @throws ValidationError when the input does not fit. */
  enqueue<Name extends keyof Jobs & string>(
    name: Name,
    ...args: undefined extends Jobs[Name]
      ? [input?: undefined, options?: EnqueueOptions]
      : [input: JobInput<Jobs[Name]>, options?: EnqueueOptions]
  ): Promise<JobId>;
  /** Starts a new run with this job; a child of the current run when there is one. */
  start<Name extends keyof Jobs & string>(
    name: Name,
    ...args: undefined extends Jobs[Name]
      ? [input?: undefined, options?: StartRunOptions]
      : [input: JobInput<Jobs[Name]>, options?: StartRunOptions]
  ): Promise<RunId>;
}

/** Mappings of this installation. Written at once, so write what is safe to write twice. */
export interface MappingsHandle {
  upsert(
    kind: string,
    rows: readonly (Pick<Mapping, 'sourceId'> &
      Partial<Pick<Mapping, 'targetId' | 'hash' | 'state'>>)[],
  ): Promise<number>;
  find(kind: string, sourceIds: readonly string[]): Promise<readonly Mapping[]>;
  findByTarget(kind: string, targetId: string): Promise<readonly Mapping[]>;
  list(kind: string, afterSourceId: string | null, limit: number): Promise<readonly Mapping[]>;
  count(kind: string): Promise<number>;
  delete(kind: string, sourceIds: readonly string[]): Promise<number>;
}

/** Webhook addresses of this installation. */
export interface WebhooksHandle<Slots extends ConnectionSlots> {
  /** The address to give to the provider of this slot; made on first use. */
  endpoint(
    slot: keyof Slots & string,
  ): Promise<{ readonly url: string; readonly externalId: string | null }>;
  /** Keeps the signing secret (and the provider's id of the subscription). Deliveries are refused before. */
  setSecret(slot: keyof Slots & string, signingSecret: string, externalId?: string): Promise<void>;
}

/** Browsers of this tenant. */
export interface SocketsHandle {
  /**
   * Sends a message of the app's own, at once and as often as the handler runs: to a user, to a topic `custom/<name>`, or to everybody in
   * the tenant. Whoever is not connected misses it. Answers how many connections got it; failures to reach some are logged.
   * @throws ValidationError, TenonError `WEBSOCKET_MESSAGE_TOO_LARGE`.
   */
  publish(to: SocketAudience, data: JsonValue): Promise<SocketTally>;
}

/** What every handler of an integration gets. */
export interface IntegrationContext<
  Slots extends ConnectionSlots = ConnectionSlots,
  Config extends StandardSchemaV1 = StandardSchemaV1,
  Jobs extends SchemaMap = SchemaMap,
> {
  readonly tenantId: Installation['tenantId'];
  readonly installation: Pick<
    Installation,
    'id' | 'name' | 'integration' | 'integrationVersion' | 'userId'
  >;
  readonly config: InferOutput<Config>;
  readonly connections: { readonly [Slot in keyof Slots]: BoundConnection<ApiOf<Slots[Slot]>> };
  readonly jobs: JobsHandle<Jobs>;
  readonly mappings: MappingsHandle;
  readonly webhooks: WebhooksHandle<Slots>;
  readonly sockets: SocketsHandle;
  /** Adds a message for people; merged by code. */
  addMessage(level: 'info' | 'warning' | 'error', code: string, text: string): void;
  readonly requestId: string;
  readonly logger: Logger;
  /** Aborts when the time for this handler is nearly over or the process shuts down. */
  readonly signal: CancellationSignal;
}

/** The run that a job belongs to. */
export interface RunHandle {
  readonly id: RunId;
  readonly parentId: RunId | null;
  /** As saved when this job began, plus what this job saved since. */
  readonly checkpoint: JsonValue;
  readonly progress: RunProgress;
  /** Adds to the progress; kept when the job ends or at `save()`. */
  addProgress(delta: RunProgressDelta): void;
  /** Sets the position to go on from; kept when the job ends or at `save()`. */
  setCheckpoint(value: JsonValue): void;
  setResult(result: JsonObject): void;
  /**
   * Keeps progress, checkpoint and enqueued jobs now, in one transaction: a job that dies later goes on from here.
   * @throws TenonError `RUN_CANCELLED` when the run was cancelled; let it pass.
   */
  save(): Promise<void>;
}

/** What the handler of a job gets. */
export interface JobContext<
  Slots extends ConnectionSlots,
  Config extends StandardSchemaV1,
  Jobs extends SchemaMap,
  Input,
> extends IntegrationContext<Slots, Config, Jobs> {
  readonly input: JobOutput<Input>;
  readonly job: {
    readonly id: JobId;
    readonly name: string;
    /** 1 at the first try. */
    readonly attempt: number;
    /** The same at every try of this job: a good idempotency key for calls that create things. */
    readonly idempotencyKey: string;
  };
  /** Null for jobs outside of a run. */
  readonly run: RunHandle | null;
}

/** What the handler of a webhook gets. */
export interface WebhookContext<
  Slots extends ConnectionSlots,
  Config extends StandardSchemaV1,
  Jobs extends SchemaMap,
> extends IntegrationContext<Slots, Config, Jobs> {
  readonly event: WebhookEvent;
  /** Ends the delivery as skipped, with a reason. */
  skip(reason: string): void;
}
