import type {
  AppDefinition,
  AppShape,
  AuthorizeTopic,
  Connector,
  Environment,
  Integration,
  OpenApp,
  RunningService,
  ServiceStart,
} from '@tenon/core';
import type { Adapters } from './adapters.js';
import type { App } from './app.js';
import { createApp } from './create-app.js';
import { environmentAdapters } from './environment-adapters.js';
import { parseEnvironment, settingsOf } from './environment.js';
import { queueShapes, queuesOf } from './queues.js';
import { DEFAULT_JOB_TIMEOUT_MS } from './settings.js';
import type { AppSettings } from './settings.js';

/** What an app is made of, given the environment that it runs in. */
export interface AppParts {
  /** Connectors that no integration uses; those of integrations are known by themselves. */
  readonly connectors?: readonly Connector[];
  readonly integrations?: readonly Integration[];
  /** Decides who hears websocket topics of the app's own, `custom/<name>`. Without it nobody does. */
  readonly authorizeTopic?: AuthorizeTopic;
  /** Overrides what the environment says. */
  readonly settings?: Partial<AppSettings>;
  /** Takes the place of the adapters that the environment names. */
  readonly adapters?: () => Promise<Adapters> | Adapters;
}

/** Says what an app is made of. Called with the environment whenever the app is loaded. */
export type DefineParts = (environment: Environment) => AppParts;

/** A definition: enough for the command line, for functions and for containers. */
export interface DefinedApp extends AppDefinition {
  /** Wires the app for an environment, `process.env` by default. Without an argument, once per process. */
  load(environment?: Environment): Promise<App>;
}

interface WireOptions {
  readonly log?: { write(line: string): void };
  readonly onActivity?: ServiceStart['onActivity'];
}

async function wire(
  define: DefineParts,
  environment: Environment,
  { log, onActivity }: WireOptions = {},
): Promise<App> {
  const parsed = parseEnvironment(environment);
  const parts = define(environment);
  const adapters = await (parts.adapters ? parts.adapters() : environmentAdapters(parsed, log));
  return createApp({
    adapters,
    settings: { ...settingsOf(parsed), ...parts.settings },
    connectors: parts.connectors ?? [],
    integrations: parts.integrations ?? [],
    ...(parts.authorizeTopic && { authorizeTopic: parts.authorizeTopic }),
    ...(onActivity && { onActivity }),
  });
}

// What follows is loaded on first use: functions do not pay for servers and for the tools of operators.

async function serve(app: App, options: ServiceStart): Promise<RunningService> {
  const { startService } = await import('./service.js');
  const service = await startService(app, options);
  return {
    ...service,
    summary: {
      connectors: app.registry.connectors.map(({ name }) => name),
      integrations: app.registry.integrations.map(({ name }) => name),
      queues: app.queues,
    },
  };
}

function shapeOf({ connectors = [], integrations = [], settings }: AppParts): AppShape {
  const known = [...connectors, ...integrations.flatMap((each) => Object.values(each.connections))];
  return {
    connectors: [...new Set(known.map(({ name }) => name))],
    integrations: integrations.map(({ name }) => name),
    queues: queueShapes(integrations, settings?.jobTimeoutMs ?? DEFAULT_JOB_TIMEOUT_MS),
  };
}

async function open(app: App): Promise<OpenApp> {
  const { logger, platform } = app.adapters;
  try {
    await app.prepare();
  } catch (error) {
    await app.close();
    throw error;
  }
  const context = { requestId: platform.ids.next(), actor: 'system', logger } as const;
  return {
    ...{ commands: app.commands, context },
    trial: async (options) => {
      const { openTrial } = await import('./open-trial.js');
      return openTrial(app, context, options);
    },
    close: () => app.close(),
  };
}

/**
 * Defines an app: what a project's `src/app.ts` exports as `app`.
 *
 * @example
 * export const app = defineApp((environment) => ({
 *   integrations: [crmToDesk({ clientId: environment['CRM_CLIENT_ID'] ?? '' })],
 * }));
 */
export function defineApp(define: DefineParts): DefinedApp {
  let loaded: Promise<App> | null = null;
  const load = (environment?: Environment): Promise<App> => {
    if (environment !== undefined) return wire(define, environment);
    loaded ??= wire(define, process.env).catch((error: unknown) => {
      loaded = null;
      throw error;
    });
    return loaded;
  };
  return {
    kind: 'tenon-app',
    load,
    describe: (environment) => shapeOf(define(environment)),
    startLocalServers: async ({ directory, environment = process.env }) => {
      const { startLocalServers } = await import('./local-servers.js');
      return startLocalServers(directory, queuesOf(define(environment).integrations ?? []));
    },
    startService: async (environment, { onActivity, ...options }) =>
      serve(await wire(define, environment, { ...(onActivity && { onActivity }) }), options),
    // What operators ask for is written to standard output, by itself.
    open: async (environment) =>
      open(
        await wire(define, environment, {
          log: { write: (line) => void process.stderr.write(line) },
        }),
      ),
    migrationStatus: async (environment) =>
      (await import('./migrations.js')).migrationStates(environment),
    deployMigrations: async (environment) =>
      (await import('./migrations.js')).deployMigrations(environment),
    resetDatabase: async (environment) =>
      (await import('./migrations.js')).resetDatabase(environment),
    enableRowLevelSecurity: async (environment, options) =>
      (await import('./migrations.js')).enableRowLevelSecurity(environment, options),
    diagnose: async (environment) => {
      const { diagnose } = await import('./diagnose.js');
      return diagnose(environment, () => load(environment));
    },
  };
}
