import type { Connection } from '../connection/connection.js';
import type { Installation } from '../installation/installation.js';
import { Effects } from '../job/effects.js';
import type { JobParts } from '../job/job-parts.js';
import { mappingsHandle } from '../mapping/mappings-handle.js';
import type { CancellationSignal } from '../platform/cancellation.js';
import { ValidationError } from '../platform/common.errors.js';
import type { Logger } from '../platform/logger.port.js';
import type { RunId } from '../run/run.js';
import { webhooksHandle } from '../webhook/webhooks-handle.js';
import type { BoundConnection, IntegrationContext } from './integration-context.js';
import type { Integration } from './integration.js';
import { jobsHandle } from './jobs-handle.js';

/** For whom a handler is called. */
export interface HandlerScope {
  readonly installation: Installation;
  readonly integration: Integration;
  /** Connection of each slot. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** The run that the handler's jobs belong to. */
  readonly runId: RunId | null;
  readonly requestId: string;
  readonly logger: Logger;
  readonly signal: CancellationSignal;
}

/** A handler's context, and what it collects. */
export interface Handling {
  readonly context: IntegrationContext;
  readonly effects: Effects;
}

function boundConnections(
  parts: JobParts,
  scope: HandlerScope,
): Readonly<Record<string, BoundConnection<unknown>>> {
  const { signal, logger, requestId } = scope;
  const reader = { actor: { kind: 'system', userId: null }, requestId, purpose: 'call' } as const;
  const options = { signal, logger, reader };
  const entries = Object.entries(scope.integration.connections).flatMap(([slot, connector]) => {
    const connection = scope.connections.get(slot);
    if (!connection) return [];
    const { id, name, externalId, profile } = connection;
    let api: { readonly client: unknown } | null = null;
    const bound: BoundConnection<unknown> = {
      ...{ id, connector: connector.name, name, externalId, profile },
      get api() {
        api ??= { client: parts.apiClients.create(connector, connection, options) };
        return api.client;
      },
    };
    return [[slot, bound] as const];
  });
  return Object.fromEntries(entries);
}

function addMessage(parts: JobParts, effects: Effects): IntegrationContext['addMessage'] {
  return (level, code, text) => {
    effects.assertOpen('addMessage');
    if (code === '' || code.length > 100 || text.length > 2_000) {
      throw new ValidationError('The message', [
        { path: '', message: 'a code has 1 to 100 characters, a text at most 2,000' },
      ]);
    }
    effects.addMessage({ level, code, text, at: parts.platform.clock.now() });
  };
}

/** Makes the context of one handler call. */
export function openHandling(parts: JobParts, scope: HandlerScope): Handling {
  const { installation, integration, runId, requestId, logger, signal } = scope;
  const { tenantId, id: installationId } = installation;
  const effects = new Effects();
  const owner = { tenantId, installationId };
  const context: IntegrationContext = {
    tenantId,
    installation: {
      id: installationId,
      name: installation.name,
      integration: installation.integration,
      integrationVersion: installation.integrationVersion,
      userId: installation.userId,
    },
    config: installation.config,
    connections: boundConnections(parts, scope),
    jobs: jobsHandle(parts, effects, { ...owner, integration, runId, requestId }),
    mappings: mappingsHandle(
      { mappings: parts.persistence.mappings, clock: parts.platform.clock },
      effects,
      owner,
    ),
    webhooks: webhooksHandle(parts, effects, { installation, integration }),
    sockets: {
      publish: (to, data) => {
        effects.assertOpen('sockets.publish');
        return parts.sockets.publish(tenantId, to, data);
      },
    },
    addMessage: addMessage(parts, effects),
    requestId,
    logger,
    signal,
  };
  return { context, effects };
}
