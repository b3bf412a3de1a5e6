import {
  auditedCommands,
  pushingCommands,
  AuditTrail,
  AuthorizedClientFactory,
  EventBus,
  Registry,
  unparkConnection,
  unparkTenant,
} from '@tenon/core';
import type {
  ApiClientFactory,
  AuthorizeTopic,
  Commands,
  Connector,
  Integration,
  ResumeParked,
  ServiceActivity,
} from '@tenon/core';
import type { Adapters } from './adapters.js';
import type { App } from './app.js';
import { observedCommands, observeRuns } from './observed-commands.js';
import { queuesOf } from './queues.js';
import { validSettings } from './settings.js';
import type { AppSettings } from './settings.js';
import { wireAudit } from './wire-audit.js';
import { wireConnections, wireConnectors } from './wire-connections.js';
import { wireData } from './wire-data.js';
import { wireMembers, wireTenants, wireTokens, wireUsers } from './wire-identity.js';
import {
  jobParts,
  wireBackground,
  wireHealth,
  wireInstallations,
  wireIntegrations,
  wireKeys,
  wireRuns,
} from './wire-integrations.js';
import { makeSockets } from './sockets.js';
import type { Sockets } from './sockets.js';
import { wireWebsockets } from './wire-websockets.js';
import type { Wiring } from './wiring.js';

/** What {@link createApp} composes. */
export interface AppOptions {
  readonly adapters: Adapters;
  readonly settings: AppSettings;
  /** Connectors that no integration uses; those of integrations are known by themselves. */
  readonly connectors?: readonly Connector[];
  readonly integrations?: readonly Integration[];
  /** Decides who hears topics of the app's own, `custom/<name>`. Without it nobody does. */
  readonly authorizeTopic?: AuthorizeTopic;
  /** Hears of jobs, runs and webhooks of this process. */
  readonly onActivity?: (activity: ServiceActivity) => void;
}

function wireCommands(wiring: Wiring): Commands {
  const parts = jobParts(wiring);
  const { logger, http } = wiring.adapters;
  const deletion = { ...parts, http, audit: wiring.audit };
  const resumeParked: ResumeParked = async ({ tenantId }, connectionId) => {
    await unparkConnection(parts, { tenantId, connectionId }, logger);
  };
  const tokens = wireTokens(wiring);
  return {
    tenants: wireTenants(wiring, deletion, (tenantId) => unparkTenant(parts, tenantId, logger)),
    users: wireUsers(wiring),
    members: wireMembers(wiring),
    tokens,
    websockets: wireWebsockets(wiring, tokens),
    connectors: wireConnectors(wiring),
    connections: wireConnections(wiring, resumeParked),
    integrations: wireIntegrations(wiring),
    installations: wireInstallations(parts),
    ...wireRuns(parts),
    ...wireBackground(deletion),
    audit: wireAudit(wiring),
    keys: wireKeys(wiring),
    data: wireData(wiring),
    health: wireHealth(wiring),
  };
}

async function makeApi(wiring: Wiring, commands: Commands) {
  // Workers never pay for Express. By a file of ours, bundles hold of the package what that file takes.
  const { createApi } = await import('./express-api.js');
  const { platform, logger } = wiring.adapters;
  const { publicUrl, healthKey } = wiring.settings;
  return createApi({
    commands,
    ids: platform.ids,
    crypto: platform.crypto,
    publicUrl,
    logger,
    ...(healthKey && { healthKey }),
  });
}

async function closeAll(
  { persistence, queue, http, scheduler }: Adapters,
  audit: AuditTrail,
  { push, router }: Sockets,
): Promise<void> {
  await push.stop();
  await router.close();
  await queue.close();
  await http.close();
  await scheduler?.close();
  await audit.flush();
  await persistence.close();
}

function observed(
  commands: Commands,
  { events, adapters }: Wiring,
  { onActivity }: AppOptions,
): Commands {
  if (!onActivity) return commands;
  observeRuns(events, onActivity);
  return observedCommands(commands, adapters.platform.clock, onActivity);
}

/** Makes the clients of connections in the place of the usual ones. */
export type MakeClients = (wiring: Pick<Wiring, 'events' | 'audit'>) => ApiClientFactory;

function usualClients({ platform, persistence, http, logger }: Adapters): MakeClients {
  return ({ events, audit }) =>
    new AuthorizedClientFactory({
      ...{ ...platform, persistence, http, events, logger },
      onCredentialRead: (read) => {
        audit.noteCredentialRead(read);
      },
    });
}

/**
 * Composes an app from definitions and adapters. Connects to nothing: call `prepare()`, or `startService`.
 * @throws MisconfiguredError for wrong settings and for two definitions with one name.
 */
export function createApp(options: AppOptions): App {
  return composeApp(options, usualClients(options.adapters));
}

/** As {@link createApp}, with clients of another making. */
export function composeApp(options: AppOptions, makeClients: MakeClients): App {
  const { adapters } = options;
  const { platform, persistence, logger } = adapters;
  const settings = validSettings(options.settings);
  const integrations = options.integrations ?? [];
  const registry = new Registry({ connectors: options.connectors ?? [], integrations });
  const events = new EventBus({ ...platform, logger });
  const audit = new AuditTrail({ ...platform, persistence, logger });
  const clients = makeClients({ events, audit });
  const sockets = makeSockets(adapters, events, options.authorizeTopic);
  const wiring: Wiring = { adapters, settings, registry, events, clients, audit, sockets };
  const audited = auditedCommands(wireCommands(wiring), audit);
  const commands = observed(pushingCommands(audited, sockets.push), wiring, options);
  let api: ReturnType<typeof makeApi> | null = null;
  let closing: Promise<void> | null = null;
  return {
    commands,
    registry,
    events,
    adapters,
    settings,
    queues: queuesOf(integrations),
    sockets: {
      add: (sender) => sockets.router.add(sender),
      startPush: () => {
        sockets.push.start('timed');
      },
    },
    api: () => (api ??= makeApi(wiring, commands)),
    prepare: () => persistence.prepare(),
    close: () => (closing ??= closeAll(adapters, audit, sockets)),
  };
}
