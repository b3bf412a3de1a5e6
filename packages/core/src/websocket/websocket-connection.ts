import type { Brand } from '../platform/brand.js';
import type { Scope } from '../platform/context.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';

/** The gateway's own id of the connection: text that only the gateway understands. */
export type WebsocketConnectionId = Brand<string, 'WebsocketConnectionId'>;

/** A browser that is connected through a gateway, which can push to it. Ends with its user. */
export interface WebsocketConnection {
  /** 1 to 200 characters. */
  readonly id: WebsocketConnectionId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** What the token allowed that it was connected with. */
  readonly scopes: readonly Scope[];
  /** What it wants to hear; sorted by code unit, each once. */
  readonly topics: readonly string[];
  /** Where the gateway takes messages for it, without a secret. */
  readonly endpoint: string;
  readonly connectedAt: Date;
  readonly lastSeenAt: Date;
  /** From then on there is no such connection, whether or not its row was swept. */
  readonly expiresAt: Date;
}

/** Topics as connections keep them: each once, sorted. */
export function sortedTopics(topics: Iterable<string>): readonly string[] {
  return [...new Set(topics)].sort((a, b) => (a < b ? -1 : 1));
}
