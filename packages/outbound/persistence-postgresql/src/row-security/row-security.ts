import type { ClientBase, Pool } from 'pg';
import { translateError } from '../database.errors.js';
import { inTransaction, withMigrator } from '../migrate/migrator.js';
import { allTables, coverTable, POLICIES, tenantTables, uncoverTable } from './policies.js';

/** What row-level security is like in a database, as the connected role sees it. */
export interface RowSecurityStatus {
  /** Tables with enabled and forced row-level security and Tenon's policies. */
  readonly covered: readonly string[];
  /** Tables of tenants that lack some of it. */
  readonly uncovered: readonly string[];
  /** Tables whose rows the connected role sees through policies alone. */
  readonly fenced: readonly string[];
  readonly role: {
    readonly name: string;
    /** A superuser, or has BYPASSRLS: policies do not hold for it. */
    readonly bypasses: boolean;
    /** Owns tables, and may so take the policies away. */
    readonly owner: boolean;
  };
}

interface TableRow {
  readonly table: string;
  readonly enabled: boolean;
  readonly forced: boolean;
  readonly owned: boolean;
  readonly policies: readonly string[];
}

const TABLES = `SELECT c.relname AS table, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
    pg_has_role(c.relowner, 'USAGE') AS owned,
    ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid ORDER BY polname) AS policies
  FROM pg_class AS c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
    AND c.relname = ANY ($1)`;

const ROLE = `SELECT rolname AS name, rolsuper OR rolbypassrls AS bypasses FROM pg_roles WHERE rolname = current_user`;

const names = tenantTables.map(({ table }) => table);

const isCovered = ({ enabled, forced, policies }: TableRow): boolean =>
  enabled && forced && POLICIES.every((policy) => policies.includes(policy));

async function readStatus(client: Pool | ClientBase): Promise<RowSecurityStatus> {
  const { rows } = await client.query<TableRow>(TABLES, [names]);
  const roles = await client.query<{ name: string; bypasses: boolean }>(ROLE);
  const { name = '', bypasses = false } = roles.rows[0] ?? {};
  const covered = rows.filter(isCovered).map(({ table }) => table);
  const isFenced = ({ enabled, forced, owned }: TableRow): boolean =>
    !bypasses && enabled && (forced || !owned);
  return {
    covered,
    uncovered: names.filter((table) => !covered.includes(table)),
    fenced: rows.filter(isFenced).map(({ table }) => table),
    role: { name, bypasses, owner: rows.some(({ owned }) => owned) },
  };
}

/** Which tables are covered, and whether policies hold for the connected role. @throws TenonError `DATABASE_UNAVAILABLE`. */
export async function rowSecurityStatus(pool: Pool): Promise<RowSecurityStatus> {
  try {
    return await readStatus(pool);
  } catch (error) {
    throw translateError(error);
  }
}

/** Sequences behind columns that count by themselves. */
const SEQUENCES = `SELECT pg_get_serial_sequence(quote_ident(table_name), column_name) AS name
  FROM information_schema.columns
  WHERE table_schema = current_schema() AND table_name = ANY ($1) AND column_default LIKE 'nextval(%'`;

/** What the app's role needs, and nothing that would let it change the schema. */
async function grant(client: ClientBase, role: string): Promise<void> {
  const { default: pg } = await import('pg');
  const to = pg.escapeIdentifier(role);
  const { rows: schemas } = await client.query<{ name: string }>('SELECT current_schema() AS name');
  await client.query(
    `GRANT USAGE ON SCHEMA ${pg.escapeIdentifier(schemas[0]?.name ?? '')} TO ${to}`,
  );
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${allTables.join(', ')} TO ${to}`);
  await client.query(`GRANT SELECT ON _prisma_migrations TO ${to}`);
  const { rows } = await client.query<{ name: string | null }>(SEQUENCES, [allTables]);
  for (const { name } of rows) {
    if (name !== null) await client.query(`GRANT USAGE, SELECT ON SEQUENCE ${name} TO ${to}`);
  }
}

/** Options of {@link enableRowLevelSecurity}. */
export interface RowLevelSecurityOptions {
  /** Role of the app: gets the rights to read and write the tables. It should own nothing. */
  readonly grantTo?: string;
}

/**
 * Covers every table of tenants that is not covered yet, in one transaction, one process at a time. Run it after migrations, as the
 * owner of the tables; again and again, it changes nothing. Covering a table locks it for a moment.
 * @returns names of the tables that this call covered.
 * @throws TenonError `DATABASE_SCHEMA_MISSING`, `DATABASE_ACCESS_DENIED`, `DATABASE_UNAVAILABLE`.
 */
export async function enableRowLevelSecurity(
  pool: Pool,
  { grantTo }: RowLevelSecurityOptions = {},
): Promise<readonly string[]> {
  return withMigrator(pool, async (client) => {
    const { uncovered } = await readStatus(client);
    await inTransaction(client, async () => {
      const open = tenantTables.filter(({ table }) => uncovered.includes(table));
      for (const statement of open.flatMap(coverTable)) await client.query(statement);
      if (grantTo !== undefined) await grant(client, grantTo);
    });
    return uncovered;
  });
}

/** Takes the cover away again. @throws what {@link enableRowLevelSecurity} throws. */
export async function disableRowLevelSecurity(pool: Pool): Promise<void> {
  await withMigrator(pool, (client) =>
    inTransaction(client, async () => {
      for (const statement of tenantTables.flatMap(uncoverTable)) await client.query(statement);
    }),
  );
}
