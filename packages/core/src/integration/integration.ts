import type { Display } from '../connector/connector.js';
import type { JsonValue } from '../platform/json.js';
import type { InferOutput, StandardSchemaV1 } from '../platform/standard-schema.js';
import type {
  ConnectionSlots,
  IntegrationContext,
  JobContext,
  JobOutput,
  SchemaMap,
  WebhookContext,
} from './integration-context.js';

/** One kind of job of an integration. */
export interface JobDefinition<
  Slots extends ConnectionSlots,
  Config extends StandardSchemaV1,
  Jobs extends SchemaMap,
  Input,
> {
  /** Schema of the input; leave it out for jobs that take none. */
  readonly input?: Input & StandardSchemaV1;
  run(ctx: JobContext<Slots, Config, Jobs, Input>): Promise<void> | void;
  /** Logical queue. Default: `default`. */
  readonly queue?: string;
  /** Tries before it becomes a dead letter. Default: 5. */
  readonly maxAttempts?: number;
  /** Wait before the second try; doubles with each try, with jitter, up to 15 minutes. Default: 5,000. */
  readonly retryDelayMs?: number;
  /** Time for one try. Default: the worker's. */
  readonly timeoutMs?: number;
}

/** When a job starts by itself. */
export interface ScheduleDefinition<JobName extends string = string> {
  /** Five fields, or six with seconds first. */
  readonly cron: string;
  /** IANA name. Default: `UTC`. */
  readonly timeZone?: string;
  /** Name of a job whose input may be left out. */
  readonly job: JobName;
  readonly input?: JsonValue;
  /** What to do while the run of the time before is at work. Default: `skip`. */
  readonly overlap?: 'skip' | 'allow';
}

/** Something that a user may ask an installation to do. Only declared actions can be called. */
export interface ActionDefinition<
  Slots extends ConnectionSlots,
  Config extends StandardSchemaV1,
  Jobs extends SchemaMap,
  Input,
> {
  readonly display?: Display;
  readonly input?: Input & StandardSchemaV1;
  /** What it answers is sent to the caller as JSON. */
  run(
    ctx: IntegrationContext<Slots, Config, Jobs> & { readonly input: JobOutput<Input> },
  ): Promise<JsonValue | void> | JsonValue | void;
}

/** Handles the webhooks of one slot. Taken from a method, so that integrations stay assignable when their types are erased. */
export type WebhookHandler<
  Slots extends ConnectionSlots,
  Config extends StandardSchemaV1,
  Jobs extends SchemaMap,
> = { handle(ctx: WebhookContext<Slots, Config, Jobs>): Promise<void> | void }['handle'];

/** The definition of what runs between connections. */
export interface IntegrationDefinition<
  Slots extends ConnectionSlots,
  Config extends StandardSchemaV1,
  Jobs extends SchemaMap,
  Actions extends SchemaMap,
> {
  /** Lower case with dashes; unique in the app; stored with installations, so never renamed. */
  readonly name: string;
  readonly version: string;
  readonly display: Display;
  /** The slots and the connector of each. */
  readonly connections: Slots;
  /** Schema of the configuration. */
  readonly config: Config;
  /** Called once when an installation is made, before it is enabled. When it throws, the installation is in state `error`. */
  onCreate?(ctx: IntegrationContext<Slots, Config, Jobs>): Promise<void> | void;
  /** Called after the configuration changed. */
  onUpdate?(
    ctx: IntegrationContext<Slots, Config, Jobs> & { readonly previousConfig: InferOutput<Config> },
  ): Promise<void> | void;
  /** Called before an installation is deleted; its failure is reported, not fatal. */
  onDelete?(ctx: IntegrationContext<Slots, Config, Jobs>): Promise<void> | void;
  readonly jobs?: { readonly [Name in keyof Jobs]: JobDefinition<Slots, Config, Jobs, Jobs[Name]> };
  /** Handlers of webhooks, by slot. */
  readonly webhooks?: { readonly [Slot in keyof Slots]?: WebhookHandler<Slots, Config, Jobs> };
  readonly schedules?: Readonly<Record<string, ScheduleDefinition<keyof Jobs & string>>>;
  readonly actions?: {
    readonly [Name in keyof Actions]: ActionDefinition<Slots, Config, Jobs, Actions[Name]>;
  };
}

/**
 * Any integration, its types erased, as the core keeps it. Inputs are `unknown` here: they are checked by their schemas
 * before a handler sees them.
 */
export type Integration = IntegrationDefinition<
  ConnectionSlots,
  StandardSchemaV1,
  Readonly<Record<string, StandardSchemaV1>>,
  Readonly<Record<string, StandardSchemaV1>>
>;
