import { isTenonError } from '@tenon/core';
import type { Diagnosis, Environment } from '@tenon/core';
import type { DatabaseInspection } from '@tenon/persistence-postgresql';
import { parseEnvironment } from './environment.js';
import { isMongodb } from './databases.js';
import { databaseClock } from './diagnose-clocks.js';
import { diagnoseMongodb } from './diagnose-mongodb.js';
import { inspectMongodb, inspectPostgresql } from './migrations.js';

const ok = (name: string, message: string): Diagnosis => ({
  name,
  status: 'ok',
  message,
  advice: null,
});

function server({ serverVersion, supported }: DatabaseInspection): Diagnosis {
  const name = 'PostgreSQL';
  const message = `version ${serverVersion}`;
  if (supported) return ok(name, message);
  return { name, status: 'error', message, advice: 'Tenon needs PostgreSQL 15 or later' };
}

function drift({ missingColumns, missingIndexes, invalidIndexes }: DatabaseInspection): Diagnosis {
  const name = 'Schema drift';
  const found = [
    ...missingColumns.map((each) => `${each} is missing`),
    ...missingIndexes.map((each) => `index ${each} is missing`),
    ...invalidIndexes.map((each) => `index ${each} is invalid`),
  ];
  if (found.length === 0) return ok(name, 'none');
  const advice =
    missingColumns.length > 0
      ? 'Run: tenon migrate deploy; if nothing is pending, somebody changed the schema by hand'
      : 'Make the index again, CONCURRENTLY on large tables: DROP INDEX, then its CREATE INDEX of prisma-postgresql/migrations';
  const status = missingColumns.length > 0 ? 'error' : 'warning';
  return { name, status, message: found.join(', '), advice };
}

function rowSecurity({ rowSecurity: status }: DatabaseInspection, wanted: boolean): Diagnosis {
  const name = 'Row-level security';
  const { covered, uncovered, fenced, role } = status;
  const message = `${wanted ? 'on' : 'off'}, ${covered.length} of ${covered.length + uncovered.length} tables covered, as ${role.name}`;
  const problem = (status: 'warning' | 'error', advice: string): Diagnosis => ({
    ...{ name, status, message, advice },
  });
  if (!wanted && fenced.length > 0) {
    return problem(
      'error',
      'The tables are covered, so that no row is seen: set TENON_DATABASE_RLS=true',
    );
  }
  if (!wanted) return ok(name, message);
  if (role.bypasses) {
    return problem(
      'error',
      'Policies do not hold for superusers and roles with BYPASSRLS: connect as another role',
    );
  }
  if (uncovered.length > 0)
    return problem('error', 'Run as the owner of the tables: tenon migrate deploy --rls');
  if (role.owner) {
    return problem(
      'warning',
      'The app owns the tables and may drop the policies: connect as a role that owns nothing',
    );
  }
  return ok(name, message);
}

function connections({ connections: { poolSize, open, max } }: DatabaseInspection): Diagnosis {
  const name = 'Database connections';
  const message = `${open} of ${max} open; up to ${poolSize} for each process`;
  if (open + poolSize <= max) return ok(name, message);
  const advice =
    'One more process may find no connection: lower TENON_DATABASE_POOL_SIZE, or put a pooler before the server';
  return { name, status: 'warning', message, advice };
}

/** Server, schema, row-level security and connections. Nothing when the database cannot be asked: another check says so. */
export async function diagnoseDatabase(environment: Environment): Promise<readonly Diagnosis[]> {
  try {
    const parsed = parseEnvironment(environment);
    if (isMongodb(parsed)) return diagnoseMongodb(await inspectMongodb(parsed));
    const found = await inspectPostgresql(parsed);
    const wanted = parsed.TENON_DATABASE_RLS;
    return [
      server(found),
      databaseClock(found.clockSkewMs),
      drift(found),
      rowSecurity(found, wanted),
      connections(found),
    ];
  } catch (error) {
    if (isTenonError(error)) return [];
    throw error;
  }
}
