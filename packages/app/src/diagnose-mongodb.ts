import type { Diagnosis } from '@tenon/core';
import type { MongodbInspection } from '@tenon/persistence-mongodb';
import { databaseClock } from './diagnose-clocks.js';

const ok = (name: string, message: string): Diagnosis => ({
  ...{ name, status: 'ok', message, advice: null },
});

function server({ serverVersion, supported }: MongodbInspection): Diagnosis {
  const message = `version ${serverVersion}`;
  if (supported) return ok('MongoDB', message);
  const advice = 'Tenon needs MongoDB 5.0 or later';
  return { name: 'MongoDB', status: 'error', message, advice };
}

function drift({ missingIndexes, changedIndexes }: MongodbInspection): Diagnosis {
  const name = 'Schema drift';
  const found = [
    ...missingIndexes.map((each) => `index ${each} is missing`),
    ...changedIndexes.map((each) => `index ${each} is not as it is described`),
  ];
  if (found.length === 0) return ok(name, 'none');
  const advice =
    changedIndexes.length > 0
      ? 'Compare with prisma-mongodb/schema.prisma, drop what differs, and run: tenon migrate deploy'
      : 'Run: tenon migrate deploy';
  return { name, status: 'error', message: found.join(', '), advice };
}

function transactions({ transactions: has }: MongodbInspection): Diagnosis {
  const name = 'Transactions';
  if (has) return ok(name, 'the server has them');
  return {
    name,
    status: 'warning',
    message: 'none: the server belongs to no replica set',
    advice: 'For production start it as a replica set, of one member at least',
  };
}

function connections({ connections: { poolSize, open, max } }: MongodbInspection): Diagnosis {
  const name = 'Database connections';
  if (open === null || max === null) return ok(name, `up to ${poolSize} for each process`);
  const message = `${open} of ${max} open; up to ${poolSize} for each process`;
  if (open + poolSize <= max) return ok(name, message);
  const advice = 'One more process may find no connection: lower TENON_DATABASE_POOL_SIZE';
  return { name, status: 'warning', message, advice };
}

/** What an operator should know of a MongoDB. */
export function diagnoseMongodb(found: MongodbInspection): readonly Diagnosis[] {
  const { clockSkewMs } = found;
  const clock = clockSkewMs === null ? [] : [databaseClock(clockSkewMs)];
  return [server(found), ...clock, drift(found), transactions(found), connections(found)];
}
