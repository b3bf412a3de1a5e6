import type { Registry } from '../app/registry.js';
import type { ApiClientFactory } from '../credential/api-client-factory.port.js';
import type { Clock } from '../platform/clock.port.js';
import { requireScope } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import type { Repositories } from '../platform/persistence.port.js';
import { isOurs } from '../job/public-error.js';
import { isTenonError } from '../platform/tenon.error.js';
import { announceReauthorized } from './announce-saved.js';
import type { ReauthorizedParts } from './announce-saved.js';
import { changeConnection } from './change-connection.js';
import { connectionAccountMismatch, connectionDisabled } from './connection.errors.js';
import type { Connection, ConnectionId } from './connection.js';
import { visibleConnection } from './visible-connection.js';

/** What a test of a connection found. */
export interface ConnectionTest {
  readonly ok: boolean;
  readonly connection: Connection;
  readonly problem: Connection['problem'];
}

/**
 * Asks the provider whose account a connection is. A connection that answers again is active again; one whose credential is
 * refused needs re-authorisation; other failures change nothing. Throws: `CONNECTION_NOT_FOUND`, `CONNECTION_DISABLED`, and what the
 * connector's own code throws besides TenonErrors, and failures of the app itself (a key that is gone), which say nothing of the account.
 */
export class TestConnection {
  constructor(
    private readonly parts: ReauthorizedParts & {
      readonly registry: Registry;
      readonly persistence: Pick<Repositories, 'connections'>;
      readonly clients: ApiClientFactory;
      readonly clock: Clock;
    },
  ) {}

  async execute(
    context: Context,
    input: { readonly connectionId: ConnectionId },
  ): Promise<ConnectionTest> {
    requireScope(context, 'connections:write');
    const { persistence } = this.parts;
    const connection = await visibleConnection(persistence, context, input.connectionId);
    if (connection.state === 'disabled') throw connectionDisabled(connection);
    const problem = await this.#problemOf(context, connection);
    const now = this.parts.clock.now();
    const before = await visibleConnection(persistence, context, connection.id);
    const revived = problem === null && before.state === 'needs_reauthorization';
    const tested = await changeConnection(persistence, before, (current) => ({
      ...current,
      ...(problem === null &&
        current.state === 'needs_reauthorization' && { state: 'active' as const, problem: null }),
      lastTestedAt: now,
      updatedAt: now,
    }));
    if (revived) await announceReauthorized(tested, context, this.parts);
    return { ok: problem === null, connection: tested, problem };
  }

  async #problemOf(context: Context, connection: Connection): Promise<Connection['problem']> {
    const connector = this.parts.registry.connector(connection.connector);
    // Also one that needs re-authorisation is tried: an API key may have been allowed again at the provider.
    const tried: Connection = { ...connection, state: 'active' };
    try {
      const { externalId } = await connector.identity(
        this.parts.clients.create(connector, tried, {
          ...context,
          reader: {
            actor: { kind: context.actor, userId: context.userId },
            requestId: context.requestId,
            purpose: 'test',
          },
        }),
      );
      if (externalId === connection.externalId) return null;
      const { code, message } = connectionAccountMismatch(connection);
      return { code, message };
    } catch (error) {
      context.signal?.throwIfAborted();
      if (!isTenonError(error) || isOurs(error)) throw error;
      return { code: error.code, message: error.message };
    }
  }
}
