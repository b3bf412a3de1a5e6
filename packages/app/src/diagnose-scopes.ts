import { isTenonError, MAX_PAGE_LIMIT } from '@tenon/core';
import type { AppContext, Commands, Connection, Connector, Diagnosis, TenantId } from '@tenon/core';

const NAME = 'Granted scopes';
/** What is looked at; more connections than these are said to be left out. */
const MAX_CONNECTIONS = 20_000;
const MAX_NAMED = 5;

/** What the connections of one connector lack. */
interface Lack {
  readonly scopes: Set<string>;
  readonly ids: string[];
  count: number;
}

async function* tenantIds(commands: Commands, context: AppContext): AsyncGenerator<TenantId> {
  for (let cursor: string | null = null; ;) {
    const input = { limit: MAX_PAGE_LIMIT, ...(cursor !== null && { cursor }) };
    const page = await commands.tenants.list(context, input);
    for (const { id, status } of page.items) if (status !== 'deleting') yield id;
    cursor = page.nextCursor;
    if (cursor === null) return;
  }
}

async function* connectionsOf(
  commands: Commands,
  context: AppContext,
  { tenantId, connector }: { readonly tenantId: TenantId; readonly connector: string },
): AsyncGenerator<Connection> {
  const tenant = await commands.tenants.contextOf(context, { tenantId });
  for (let cursor: string | null = null; ;) {
    const input = { connector, limit: MAX_PAGE_LIMIT, ...(cursor !== null && { cursor }) };
    const page = await commands.connections.list(tenant, input);
    yield* page.items;
    cursor = page.nextCursor;
    if (cursor === null) return;
  }
}

function note(
  lacks: Map<string, Lack>,
  { connector, id, scopes }: Connection,
  wanted: readonly string[],
) {
  const missing = wanted.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return;
  const lack = lacks.get(connector) ?? { scopes: new Set(), ids: [], count: 0 };
  for (const scope of missing) lack.scopes.add(scope);
  if (lack.ids.length < MAX_NAMED) lack.ids.push(id);
  lacks.set(connector, { ...lack, count: lack.count + 1 });
}

function report(lacks: ReadonlyMap<string, Lack>, seen: number): Diagnosis {
  const whole = seen < MAX_CONNECTIONS ? '' : `; the first ${MAX_CONNECTIONS} were looked at`;
  if (lacks.size === 0)
    return {
      name: NAME,
      status: 'ok',
      message: `all that are needed, on ${seen} connections${whole}`,
      advice: null,
    };
  const lines = [...lacks].map(([connector, { scopes, ids, count }]) => {
    const more = count > ids.length ? ', …' : '';
    return `${connector}: ${count} connections lack ${[...scopes].join(', ')} (${ids.join(', ')}${more})`;
  });
  return {
    name: NAME,
    status: 'warning',
    message: lines.join('\n') + whole,
    advice:
      'Their owners have to connect again: POST /api/connections/authorize with the connectionId; the connection keeps its id',
  };
}

/** Compares what providers granted with what connectors ask for. Nothing when the database cannot be asked. */
export async function diagnoseScopes(
  { commands, context }: { readonly commands: Commands; readonly context: AppContext },
  connectors: readonly Connector[],
): Promise<readonly Diagnosis[]> {
  const asking = connectors.flatMap(({ name, auth }) =>
    auth.type === 'oauth2' && auth.scopes.length > 0 ? [{ name, scopes: auth.scopes }] : [],
  );
  if (asking.length === 0) return [];
  const lacks = new Map<string, Lack>();
  let seen = 0;
  try {
    for await (const tenantId of tenantIds(commands, context)) {
      for (const { name: connector, scopes } of asking) {
        for await (const connection of connectionsOf(commands, context, { tenantId, connector })) {
          note(lacks, connection, scopes);
          seen += 1;
          if (seen === MAX_CONNECTIONS) return [report(lacks, seen)];
        }
      }
    }
  } catch (error) {
    if (isTenonError(error)) return [];
    throw error;
  }
  return [report(lacks, seen)];
}
