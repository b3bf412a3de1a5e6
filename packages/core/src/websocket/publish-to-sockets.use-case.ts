import type { Context } from '../platform/context.js';
import type { JsonValue } from '../platform/json.js';
import type { SocketTally } from './socket-fan-out.js';
import { requireAudience } from './socket-publisher.js';
import type { SocketAudience, SocketPublisher } from './socket-publisher.js';

/** Sends a message of the app's own to browsers of the caller's tenant. */
export class PublishToSockets {
  constructor(private readonly parts: { readonly publisher: SocketPublisher }) {}

  /** @throws ForbiddenError, ValidationError, TenonError `WEBSOCKET_MESSAGE_TOO_LARGE`. */
  async execute(
    context: Context,
    input: { readonly to: SocketAudience; readonly data: JsonValue },
  ): Promise<SocketTally> {
    requireAudience(context, input.to);
    return this.parts.publisher.publish(context.tenantId, input.to, input.data);
  }
}
