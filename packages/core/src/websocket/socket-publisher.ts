import { ForbiddenError, ValidationError } from '../platform/common.errors.js';
import type { Context } from '../platform/context.js';
import type { JsonValue } from '../platform/json.js';
import { toJsonValue } from '../platform/to-json.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';
import { connectionPages, fanOut } from './socket-fan-out.js';
import type { SocketParts, SocketTally } from './socket-fan-out.js';
import { messageText } from './socket-protocol.js';
import { isCustomTopic } from './socket-topics.js';

/** Who hears a message, always within one tenant: one user, the subscribers of a topic of the app's own, or everybody. */
export type SocketAudience =
  | { readonly userId: UserId }
  /** `custom/<name>`. */
  | { readonly topic: string }
  | 'tenant';

function filterOf(audience: SocketAudience): { userId?: UserId; topic?: string } {
  if (audience === 'tenant') return {};
  if ('userId' in audience) return { userId: audience.userId };
  if (isCustomTopic(audience.topic)) return { topic: audience.topic };
  throw new ValidationError('The audience', [
    {
      path: 'topic',
      message: "'custom/<name>', of letters, digits and . : / - _ (others are Tenon's own)",
    },
  ]);
}

/** @throws ForbiddenError for a user who sees their own rows only and would reach others. */
export function requireAudience(context: Context, audience: SocketAudience): void {
  if (context.visibility === 'tenant') return;
  if (audience !== 'tenant' && 'userId' in audience && audience.userId === context.userId) return;
  throw new ForbiddenError('This caller may send to its own connections only');
}

/** Sends messages of the app's own to browsers. */
export class SocketPublisher {
  constructor(private readonly parts: SocketParts) {}

  /**
   * Each connection gets `{ type: 'message', topic, data }`, or nothing when it is not there at this moment.
   * @throws ValidationError for what is no JSON and for topics that are not `custom/…`; TenonError `WEBSOCKET_MESSAGE_TOO_LARGE`.
   */
  async publish(
    tenantId: TenantId,
    audience: SocketAudience,
    data: JsonValue,
  ): Promise<SocketTally> {
    const filter = filterOf(audience);
    const topic = filter.topic ?? null;
    const json = toJsonValue(data, 'The message', 'data');
    const texts = [messageText({ type: 'message', topic, data: json })];
    const total = { sent: 0, gone: 0, failed: 0 };
    for await (const page of connectionPages(this.parts, tenantId, filter)) {
      const deliveries = page.map((connection) => ({ connection, texts }));
      const tally = await fanOut(this.parts, tenantId, deliveries);
      total.sent += tally.sent;
      total.gone += tally.gone;
      total.failed += tally.failed;
    }
    return total;
  }
}
