import pg from 'pg';

/** A pool that tells every statement that it sends. */
export function tellingPool(connectionString: string, statements: string[]): pg.Pool {
  const pool = new pg.Pool({ connectionString, options: '-c TimeZone=UTC', max: 2 });
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const told = (...args: unknown[]): unknown => {
      const [first] = args as [string | { readonly text: string }];
      statements.push(typeof first === 'string' ? first : first.text);
      return query(...args);
    };
    Object.assign(client, { query: told });
  });
  return pool;
}
