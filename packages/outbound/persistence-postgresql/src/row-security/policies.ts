import { columnName, entities } from '@tenon/core';
import type { EntityDescription } from '@tenon/core';
import { SYSTEM_SETTING, TENANT_SETTING } from './scope.js';

/** A table whose rows belong to tenants, and the column that says to which. */
export interface TenantTable {
  readonly table: string;
  readonly column: string;
}

const described: readonly EntityDescription[] = Object.values(entities);

/** Every table of Tenon. */
export const allTables: readonly string[] = described.map(({ table }) => table);

/** Every table that row-level security covers: an entity is covered by being described. */
export const tenantTables: readonly TenantTable[] = described.flatMap(({ table, tenant }) =>
  tenant === null ? [] : [{ table, column: columnName(tenant) }],
);

/** Names of the policies that a covered table has. */
export const POLICIES = ['tenon_system', 'tenon_tenant'] as const;

// As sub-selects, so that a statement computes them once and not for each row. After a transaction the setting is empty, not null.
const TENANT = `(SELECT nullif(current_setting('${TENANT_SETTING}', true), '')::uuid)`;
const IS_SYSTEM = `(SELECT current_setting('${SYSTEM_SETTING}', true)) = 'on'`;

/** Statements that cover one table. */
export function coverTable({ table, column }: TenantTable): readonly string[] {
  const own = `${column} = ${TENANT}`;
  return [
    `DROP POLICY IF EXISTS tenon_tenant ON ${table}`,
    `DROP POLICY IF EXISTS tenon_system ON ${table}`,
    `CREATE POLICY tenon_tenant ON ${table} USING (${own}) WITH CHECK (${own})`,
    `CREATE POLICY tenon_system ON ${table} USING (${IS_SYSTEM}) WITH CHECK (${IS_SYSTEM})`,
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
  ];
}

/** Statements that take the cover from one table. */
export function uncoverTable({ table }: TenantTable): readonly string[] {
  return [
    `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`,
    `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`,
    `DROP POLICY IF EXISTS tenon_tenant ON ${table}`,
    `DROP POLICY IF EXISTS tenon_system ON ${table}`,
  ];
}
