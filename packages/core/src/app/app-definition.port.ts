import type { AppContext } from '../platform/context.js';
import type { Trial, TrialOptions } from '../trial/trial.port.js';
import type { Commands } from './commands.js';
import type { ServiceActivity } from './service-activity.js';

/** Environment variables, as the process or the command line gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Servers for development: a real database and a real queue endpoint as child processes on loopback. */
export interface LocalServers {
  /** Variables that point an app at them. Holds the database's password: for child processes, not for printing. */
  readonly environment: Readonly<Record<string, string>>;
  /** What runs where, for people; without passwords. */
  readonly summary: readonly { readonly name: string; readonly address: string }[];
  stop(): Promise<void>;
}

/** Which parts of an app run in a process. */
export interface ServiceStart {
  /** Port of the API; 0 takes a free one; null serves none. Default: 3000. */
  readonly port?: number | null;
  /** Default: all addresses. */
  readonly host?: string;
  readonly worker?: boolean;
  readonly scheduler?: boolean;
  /** Hears of jobs, runs and webhooks while it runs. */
  readonly onActivity?: (activity: ServiceActivity) => void;
}

/** An app that runs in this process. */
export interface RunningService {
  readonly port: number | null;
  /** Names for people of what was started: connectors, integrations, queues. */
  readonly summary: {
    readonly connectors: readonly string[];
    readonly integrations: readonly string[];
    readonly queues: readonly string[];
  };
  /** Stops to accept work, waits for what is in hand, closes everything. Idempotent. */
  stop(): Promise<void>;
}

/** One migration of the database's schema. */
export interface MigrationState {
  readonly name: string;
  readonly state: 'applied' | 'pending' | 'failed' | 'edited' | 'unknown';
  readonly appliedAt: Date | null;
}

/** An app that tools of operators work on: wired and connected, with nothing running. */
export interface OpenApp {
  readonly commands: Commands;
  /** Who asks: the operator, for no tenant yet. */
  readonly context: AppContext;
  /** The same app on adapters for trying jobs. Needs no closing of its own. */
  trial(options: TrialOptions): Promise<Trial>;
  close(): Promise<void>;
}

/** One finding of `tenon doctor`. */
export interface Diagnosis {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'error';
  /** What was found. */
  readonly message: string;
  /** What to do about it; null when nothing is to be done. */
  readonly advice: string | null;
}

/** A queue that an app's jobs use. */
export interface QueueShape {
  /** Logical name; that of a FIFO queue ends in `.fifo`. */
  readonly name: string;
  /** Time for one try of its longest job. */
  readonly jobTimeoutMs: number;
}

/** What is known of an app without opening it: enough to describe the servers that it runs on. */
export interface AppShape {
  readonly connectors: readonly string[];
  readonly integrations: readonly string[];
  /** The default queue first. */
  readonly queues: readonly QueueShape[];
}

/** What the command line needs of an app: the value that an app's module exports as `app`. */
export interface AppDefinition {
  readonly kind: 'tenon-app';
  /** What the app is made of. Opens nothing. */
  describe(environment: Environment): AppShape;
  /** @throws MisconfiguredError when a package for development is missing, naming the command that installs it. */
  startLocalServers(options: {
    readonly directory: string;
    /** Default: that of the process. */
    readonly environment?: Environment;
  }): Promise<LocalServers>;
  /** @throws MisconfiguredError for a wrong environment; TenonError `PORT_UNAVAILABLE`, `DATABASE_UNAVAILABLE`, `DATABASE_SCHEMA_MISSING`. */
  startService(environment: Environment, options: ServiceStart): Promise<RunningService>;
  /** Wires the app and checks its database. The caller closes it. @throws what `startService` throws, but for the port. */
  open(environment: Environment): Promise<OpenApp>;
  migrationStatus(environment: Environment): Promise<readonly MigrationState[]>;
  /** Applies what is pending, one migrator at a time. Answers the names of those that it applied. */
  deployMigrations(environment: Environment): Promise<readonly string[]>;
  /** Drops Tenon's tables with everything in them and applies the migrations anew. Answers the names of those that it applied. */
  resetDatabase(environment: Environment): Promise<readonly string[]>;
  /**
   * Gives every table of tenants that has none row-level security, as the owner of the tables. Answers the tables that it covered;
   * null when neither `always` nor the environment asks for it.
   */
  enableRowLevelSecurity(
    environment: Environment,
    options: { readonly always: boolean; readonly grantTo: string | null },
  ): Promise<readonly string[] | null>;
  /** Looks at configuration, database, schema, encryption and queues. Never throws for what it finds. */
  diagnose(environment: Environment): Promise<readonly Diagnosis[]>;
}
