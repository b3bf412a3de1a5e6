import type { PoolClient, QueryResult } from 'pg';
import type { DriverQuery } from '../session.js';
import { setScope, type Scope } from './scope.js';

/** Connections that know the statement that sets a scope. */
const knowing = new WeakSet<PoolClient>();

let driver: typeof import('./scoped-query.js') | undefined;

async function inOneFlight(
  client: PoolClient,
  query: DriverQuery,
  scope: Scope,
): Promise<QueryResult> {
  // Loads the driver, as its first use does.
  const { ScopedQuery } = (driver ??= await import('./scoped-query.js'));
  return new Promise((resolve, reject) => {
    client.query(
      new ScopedQuery(query, scope, (error, result) => {
        if (error) reject(error);
        else resolve(result);
      }),
    );
  });
}

/** Without prepared statements: four round trips. */
async function inTransaction(
  client: PoolClient,
  query: DriverQuery,
  scope: Scope,
): Promise<QueryResult> {
  await client.query('BEGIN');
  try {
    await client.query(setScope(scope, false));
    const result = await client.query(query);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // An error here is the connection's; the one of the query says more.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** One query, seen in a scope, on a connection outside of transactions. */
export async function sendScoped(
  client: PoolClient,
  query: DriverQuery,
  { scope, named }: { readonly scope: Scope; readonly named: boolean },
): Promise<QueryResult> {
  if (!named) return inTransaction(client, query, scope);
  await teach(client, scope);
  return inOneFlight(client, query, scope);
}

/** One query on a connection inside of a transaction, whose scope it changes. */
export async function sendRescoped(
  client: PoolClient,
  query: DriverQuery,
  { scope, named }: { readonly scope: Scope; readonly named: boolean },
): Promise<QueryResult> {
  if (named && knowing.has(client)) return inOneFlight(client, query, scope);
  await client.query(setScope(scope, named));
  if (named) knowing.add(client);
  return client.query(query);
}

/** The first use of a connection lets the driver prepare the statement; alone it changes nothing. */
async function teach(client: PoolClient, scope: Scope): Promise<void> {
  if (knowing.has(client)) return;
  await client.query(setScope(scope, true));
  knowing.add(client);
}
