import type { Connection } from '../connection/connection.js';
import type { Installation } from '../installation/installation.js';
import type { EffectBatch } from '../job/effects.js';
import type { JobParts } from '../job/job-parts.js';
import type { Context } from '../platform/context.js';
import { within } from '../platform/within.js';
import { openHandling } from './handling.js';
import type { IntegrationContext } from './integration-context.js';
import type { Integration } from './integration.js';

/** Code of an integration that is called by somebody who waits: a hook or an action. */
export interface HookCall<T> {
  readonly installation: Installation;
  readonly integration: Integration;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly call: (context: IntegrationContext) => Promise<T> | T;
}

/**
 * Calls a hook or an action under a time limit. What it asks for is answered as a batch, for the caller to commit.
 * @throws what it throws, or the reason for which its signal aborted.
 */
export async function runHook<T>(
  parts: JobParts,
  caller: Pick<Context, 'requestId' | 'logger' | 'signal'>,
  hook: HookCall<T>,
): Promise<{ readonly result: T; readonly batch: EffectBatch }> {
  const { installation, integration, connections } = hook;
  const { id: installationId, tenantId } = installation;
  const logger = caller.logger.child({ tenantId, installationId });
  const limit = {
    clock: parts.platform.clock,
    timeoutMs: parts.settings.hookTimeoutMs,
    graceMs: parts.settings.graceMs,
    ...(caller.signal && { parent: caller.signal }),
  };
  return within(limit, async (signal) => {
    const { requestId } = caller;
    const scope = { installation, integration, connections, requestId, logger, signal };
    const { context, effects } = openHandling(parts, { ...scope, runId: null });
    try {
      const result = await hook.call(context);
      return { result, batch: effects.take() };
    } finally {
      effects.end();
    }
  });
}
