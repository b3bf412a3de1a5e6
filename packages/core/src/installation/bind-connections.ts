import type { Connection, ConnectionId } from '../connection/connection.js';
import type { Integration } from '../integration/integration.js';
import { ValidationError } from '../platform/common.errors.js';
import type { ValidationIssue } from '../platform/common.errors.js';
import { mayAccess } from '../platform/context.js';
import type { Context } from '../platform/context.js';
import { nearestName } from '../platform/options.js';
import type { Repositories } from '../platform/persistence.port.js';

/** Connections by the slot that they were given for. */
export interface Binding {
  readonly ids: Readonly<Record<string, ConnectionId>>;
  readonly bySlot: ReadonlyMap<string, Connection>;
}

type Given = Readonly<Record<string, ConnectionId>>;

function unknownSlots(integration: Integration, given: Given): ValidationIssue[] {
  const slots = Object.keys(integration.connections);
  return Object.keys(given)
    .filter((slot) => !slots.includes(slot))
    .map((slot) => {
      const nearest = nearestName(slot, slots);
      const hint = nearest ? `did you mean '${nearest}'?` : `slots: ${slots.join(', ')}`;
      return { path: `connections.${slot.slice(0, 100)}`, message: `no such slot; ${hint}` };
    });
}

const GONE = 'there is no connection with this id';

/** The issue of a slot whose connection was deleted meanwhile. */
export function connectionGone([slot]: readonly [slot: string, id: ConnectionId]): ValidationIssue {
  return { path: `connections.${slot}`, message: GONE };
}

function problemOf(connection: Connection | undefined, connector: string): string | null {
  if (!connection) return GONE;
  if (connection.connector !== connector) {
    return `it needs a connection to '${connector}', this one is to '${connection.connector}'`;
  }
  if (connection.state === 'needs_reauthorization')
    return 'the connection must be authorised again';
  return connection.state === 'active' ? null : `the connection is ${connection.state}`;
}

/** Checks that each slot has a working connection of the right connector that the caller may use. @throws ValidationError. */
export async function bindConnections(
  { connections }: Pick<Repositories, 'connections'>,
  context: Context,
  wish: { readonly integration: Integration; readonly given: Given },
): Promise<Binding> {
  const { integration, given } = wish;
  const issues = unknownSlots(integration, given);
  const own = (slot: string): ConnectionId | undefined =>
    Object.hasOwn(given, slot) ? given[slot] : undefined;
  const wanted = Object.keys(integration.connections).flatMap((slot) => own(slot) ?? []);
  const found = await connections.findMany(context.tenantId, [...new Set(wanted)]);
  const visible = found.filter(({ userId }) => mayAccess(context, userId));
  const byId = new Map(visible.map((connection) => [connection.id, connection]));
  const bySlot = new Map<string, Connection>();
  for (const [slot, { name }] of Object.entries(integration.connections)) {
    const id = own(slot);
    const path = `connections.${slot}`;
    const connection = id === undefined ? undefined : byId.get(id);
    const problem =
      id === undefined ? `a connection to '${name}' is needed` : problemOf(connection, name);
    if (problem !== null) issues.push({ path, message: problem });
    else if (connection) bySlot.set(slot, connection);
  }
  if (issues.length > 0) throw new ValidationError('The installation', issues);
  return { ids: Object.fromEntries([...bySlot].map(([slot, { id }]) => [slot, id])), bySlot };
}
