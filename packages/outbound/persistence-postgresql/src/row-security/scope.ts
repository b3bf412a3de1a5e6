import type { QueryConfig } from 'pg';

/** Whose rows a statement may see: those of a tenant, by its id, or, for {@link SYSTEM}, all. */
export type Scope = string;

/** The door for work that belongs to no tenant: sweeps, claims, look-ups by secret. No tenant has this id. */
export const SYSTEM: Scope = 'system';

/** Settings that the policies read. They last for one transaction. */
export const TENANT_SETTING = 'tenon.tenant_id';
export const SYSTEM_SETTING = 'tenon.system';

export const SCOPE_STATEMENT = 'tenon.scope';

const SET_SCOPE = `SELECT set_config('${TENANT_SETTING}', $1, true), set_config('${SYSTEM_SETTING}', $2, true)`;

/** Parameters of the statement that sets a scope. */
export function scopeValues(scope: Scope): string[] {
  return scope === SYSTEM ? ['', 'on'] : [scope, ''];
}

/** Sets the scope for the transaction it runs in. */
export function setScope(scope: Scope, named: boolean): QueryConfig {
  const query = { text: SET_SCOPE, values: scopeValues(scope) };
  return named ? { name: SCOPE_STATEMENT, ...query } : query;
}
