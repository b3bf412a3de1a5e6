import { TenonError } from '@tenon/core';
import type { RowSecurityStatus } from './row-security.js';

function misconfigured(code: string, message: string): TenonError {
  return new TenonError({ code, category: 'misconfigured', message });
}

/**
 * The fence stands where it was asked for, and only there.
 * @throws TenonError `DATABASE_RLS_MISSING`, `DATABASE_RLS_BYPASSED`, `DATABASE_RLS_UNEXPECTED`.
 */
export function checkRowSecurity(status: RowSecurityStatus, wanted: boolean): void {
  const { uncovered, fenced, role } = status;
  if (!wanted) {
    if (fenced.length === 0) return;
    throw misconfigured(
      'DATABASE_RLS_UNEXPECTED',
      `The tables have row-level security, so that '${role.name}' sees no rows without it: set rowLevelSecurity (TENON_DATABASE_RLS=true)`,
    );
  }
  if (role.bypasses) {
    throw misconfigured(
      'DATABASE_RLS_BYPASSED',
      `Row-level security does not hold for the role '${role.name}', a superuser or one with BYPASSRLS: connect as another one`,
    );
  }
  if (uncovered.length > 0) {
    throw misconfigured(
      'DATABASE_RLS_MISSING',
      `Tables lack row-level security (${uncovered.join(', ')}): run 'tenon migrate deploy --rls' as their owner`,
    );
  }
}
