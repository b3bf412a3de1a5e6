import type { Clock } from '../platform/clock.port.js';
import type { Scope } from '../platform/context.js';
import type { Crypto } from '../platform/crypto.port.js';
import { isId } from '../platform/id-generator.port.js';
import type { KeyValueRepository } from '../state/key-value-repository.port.js';
import type { StateScope } from '../state/state-entry.js';
import type { TenantId } from '../tenant/tenant.js';
import type { UserId } from '../user/user.js';

/** From the request for a ticket to the connection that it opens. */
export const SOCKET_TICKET_TTL_MS = 60_000;

const PREFIX = 'tnw_';
const ID_END = PREFIX.length + 36;
const SECRET_BYTES = 32;
const TICKET = /^tnw_[0-9a-f-]{36}_[A-Za-z0-9_-]{43}$/;

/** What opens one websocket connection. */
export interface SocketTicket {
  /** Shown once; opens one connection. */
  readonly ticket: string;
  readonly expiresAt: Date;
}

/** Whom a ticket admits. */
export interface TicketHolder {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly scopes: readonly Scope[];
}

interface TicketParts {
  readonly states: KeyValueRepository;
  readonly clock: Clock;
  readonly crypto: Crypto;
}

const scopeOf = (tenantId: TenantId): StateScope => ({ tenantId, namespace: 'websocket-tickets' });

/** Makes a ticket, `tnw_<tenant>_<secret>`. Only its hash is kept. */
export async function makeTicket(
  { states, clock, crypto }: TicketParts,
  { tenantId, userId, scopes }: TicketHolder,
): Promise<SocketTicket> {
  const ticket = `${PREFIX}${tenantId}_${crypto.randomToken(SECRET_BYTES)}`;
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + SOCKET_TICKET_TTL_MS);
  const value = { userId, scopes };
  await states.put(scopeOf(tenantId), { key: crypto.sha256(ticket), value, expiresAt, now });
  return { ticket, expiresAt };
}

/** Uses a ticket up: of any number of callers with one ticket, one gets its holder. Null for every other text. */
export async function redeemTicket(
  { states, clock, crypto }: TicketParts,
  ticket: string,
): Promise<TicketHolder | null> {
  if (!TICKET.test(ticket)) return null;
  const tenantId = ticket.slice(PREFIX.length, ID_END) as TenantId;
  if (!isId(tenantId)) return null;
  const scope = scopeOf(tenantId);
  const key = crypto.sha256(ticket);
  const now = clock.now();
  const entry = await states.get(scope, key, now);
  if (!entry || !(await states.delete(scope, key, { now, version: entry.version }))) return null;
  const { userId, scopes } = entry.value as unknown as Omit<TicketHolder, 'tenantId'>;
  return { tenantId, userId, scopes };
}
