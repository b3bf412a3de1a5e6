import type { Clock } from '../platform/clock.port.js';
import type { Logger } from '../platform/logger.port.js';
import { within } from '../platform/within.js';
import type { TenantId } from '../tenant/tenant.js';
import { mapBounded } from './map-bounded.js';
import type { SocketSender } from './socket-sender.port.js';
import type { WebsocketConnectionRepository } from './websocket-connection-repository.port.js';
import type { WebsocketConnection } from './websocket-connection.js';

/** Connections that are sent to at the same time. */
const AT_ONCE = 16;
const TIMEOUT_MS = 10_000;

/** What sending to browsers needs. */
export interface SocketParts {
  readonly websocketConnections: WebsocketConnectionRepository;
  readonly sender: SocketSender;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What became of messages, in connections. */
export interface SocketTally {
  readonly sent: number;
  /** Had ended; their rows were removed. */
  readonly gone: number;
  /** Could not be reached now. */
  readonly failed: number;
}

/** Messages for one connection, in order. */
export interface SocketDelivery {
  readonly connection: WebsocketConnection;
  readonly texts: readonly string[];
}

type Fate = keyof SocketTally;

async function sendAll(
  { sender, clock }: SocketParts,
  { connection, texts }: SocketDelivery,
): Promise<Fate> {
  const limit = { clock, timeoutMs: TIMEOUT_MS, graceMs: 0 };
  for (const text of texts) {
    const send = (signal: Parameters<SocketSender['send']>[2]) =>
      sender.send(connection, text, signal);
    if ((await within(limit, send)) === 'gone') return 'gone';
  }
  return 'sent';
}

/** Sends to connections of one tenant. Those that are gone are removed; one that fails stops no other. */
export async function fanOut(
  parts: SocketParts,
  tenantId: TenantId,
  deliveries: readonly SocketDelivery[],
): Promise<SocketTally> {
  let firstError: unknown;
  const fates = await mapBounded(deliveries, AT_ONCE, async (delivery): Promise<Fate> => {
    try {
      return await sendAll(parts, delivery);
    } catch (error) {
      firstError ??= error;
      return 'failed';
    }
  });
  const gone = deliveries.filter((_, index) => fates[index] === 'gone');
  if (gone.length > 0) {
    const ids = gone.map(({ connection }) => connection.id);
    await parts.websocketConnections.deleteMany(tenantId, ids);
  }
  const count = (fate: Fate): number => fates.filter((each) => each === fate).length;
  const failed = count('failed');
  if (failed > 0) {
    parts.logger.warn('Websocket connections could not be reached', {
      tenantId,
      failed,
      error: firstError,
    });
  }
  return { sent: count('sent'), gone: gone.length, failed };
}

const PAGE = 200;

/** Walks the connections of a tenant, in pages. */
export async function* connectionPages(
  parts: Pick<SocketParts, 'websocketConnections' | 'clock'>,
  tenantId: TenantId,
  filter: Parameters<WebsocketConnectionRepository['list']>[1],
): AsyncGenerator<readonly WebsocketConnection[]> {
  const now = parts.clock.now();
  for (let afterId: WebsocketConnection['id'] | null = null; ;) {
    const page: readonly WebsocketConnection[] = await parts.websocketConnections.list(
      tenantId,
      filter,
      { afterId, limit: PAGE, now },
    );
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    afterId = page.at(-1)?.id ?? null;
  }
}
