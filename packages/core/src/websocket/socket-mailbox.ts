import type { CancellationSignal } from '../platform/cancellation.js';
import type { Clock } from '../platform/clock.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { JsonObject } from '../platform/json.js';
import type { KeyValueRepository } from '../state/key-value-repository.port.js';
import type { StateEntry } from '../state/state-entry.js';
import type { TenantId } from '../tenant/tenant.js';
import { mapBounded } from './map-bounded.js';
import type { SocketOutcome, SocketSender, SocketTarget } from './socket-sender.port.js';
import type { WebsocketConnectionId } from './websocket-connection.js';

/** Endpoints of processes that hold connections themselves: `node:<id>`. */
const NODE = 'node:';
/** A process that does not read for so long is gone. */
const KEPT_MS = 60_000;
const PAGE = 100;
/** Of one tenant; the rest waits for the next time. */
const MAX_AT_ONCE = 1_000;
const TENANTS_AT_ONCE = 8;

const namespaceOf = (endpoint: string): string => `websocket-${endpoint}`;

/** A message that waited for the process that holds its connection. */
export interface SocketMail {
  readonly tenantId: TenantId;
  readonly connectionId: WebsocketConnectionId;
  readonly text: string;
}

/**
 * Messages between processes of one app: the one that publishes leaves them in the state store, the one that holds the
 * connection reads them there. Needs nothing between the processes but the database that they share.
 */
export class SocketMailbox implements SocketSender {
  constructor(
    private readonly parts: {
      readonly states: KeyValueRepository;
      readonly clock: Clock;
      readonly ids: IdGenerator;
    },
  ) {}

  serves(endpoint: string): boolean {
    return endpoint.startsWith(NODE);
  }

  /** Whether the process is gone is not known here: its rows expire, and with them its mail. */
  async send(
    target: SocketTarget,
    text: string,
    signal?: CancellationSignal,
  ): Promise<SocketOutcome> {
    signal?.throwIfAborted();
    const { states, clock, ids } = this.parts;
    const now = clock.now();
    const scope = { tenantId: target.tenantId, namespace: namespaceOf(target.endpoint) };
    const expiresAt = new Date(now.getTime() + KEPT_MS);
    // As text: databases keep neither the order of members nor NUL in values.
    const value: JsonObject = { to: target.id, text };
    await states.put(scope, { key: ids.next(), value, expiresAt, now });
    return 'sent';
  }

  /** Takes what waits for a process, in the order of sending; each message once. */
  async collect(endpoint: string, tenantIds: readonly TenantId[]): Promise<readonly SocketMail[]> {
    const each = (tenantId: TenantId) => this.#collectOf(tenantId, namespaceOf(endpoint));
    return (await mapBounded(tenantIds, TENANTS_AT_ONCE, each)).flat();
  }

  async #collectOf(tenantId: TenantId, namespace: string): Promise<SocketMail[]> {
    const { states, clock } = this.parts;
    const scope = { tenantId, namespace };
    const mail: SocketMail[] = [];
    const now = clock.now();
    for (let afterKey: string | null = null; ;) {
      const entries: readonly StateEntry[] = await states.scan(scope, {
        ...{ prefix: '', limit: PAGE, now },
        afterKey,
      });
      for (const { key, value } of entries) {
        afterKey = key;
        if (!(await states.delete(scope, key, { now }))) continue;
        const { to, text } = value as { readonly to: WebsocketConnectionId; readonly text: string };
        mail.push({ tenantId, connectionId: to, text });
      }
      if (entries.length < PAGE || mail.length >= MAX_AT_ONCE) return mail;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
