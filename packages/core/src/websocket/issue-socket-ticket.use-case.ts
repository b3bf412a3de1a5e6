import type { Clock } from '../platform/clock.port.js';
import { ForbiddenError } from '../platform/common.errors.js';
import type { Context } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { KeyValueRepository } from '../state/key-value-repository.port.js';
import { makeTicket } from './socket-ticket.js';
import type { SocketTicket } from './socket-ticket.js';

/** Makes a ticket for the caller: browsers cannot send headers with a websocket, and a token in an address ends in logs. */
export class IssueSocketTicket {
  constructor(
    private readonly parts: {
      readonly states: KeyValueRepository;
      readonly clock: Clock;
      readonly crypto: Crypto;
    },
  ) {}

  /** @throws ForbiddenError for callers that are no user. */
  async execute(context: Context, _input: Record<string, never>): Promise<SocketTicket> {
    const { tenantId, userId, scopes } = context;
    if (userId === null) {
      throw new ForbiddenError('Only users connect by websocket: act for one of them');
    }
    return makeTicket(this.parts, { tenantId, userId, scopes });
  }
}
