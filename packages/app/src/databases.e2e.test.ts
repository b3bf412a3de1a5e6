import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { diagnoseDatabase } from './diagnose-database.js';
import {
  deployMigrations,
  enableRowLevelSecurity,
  migrationStates,
  resetDatabase,
} from './migrations.js';

const { MONGODB_URI: server } = process.env;

function aDatabase(): { readonly DATABASE_URL: string } {
  const url = new URL(server ?? 'mongodb://127.0.0.1:1/');
  url.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  return { DATABASE_URL: url.href };
}

const nobody = { DATABASE_URL: 'mongodb://user:hidden-password@127.0.0.1:1/app' };

describe('operations on the database that DATABASE_URL names, MongoDB', () => {
  it('tells what is for PostgreSQL alone', async () => {
    const options = { always: true, grantTo: null };
    await expect(enableRowLevelSecurity(nobody, options)).rejects.toMatchObject({
      code: 'MISCONFIGURED',
      message: expect.stringContaining('PostgreSQL alone'),
    });
    const withRls = { ...nobody, TENON_DATABASE_RLS: 'true' };
    await expect(migrationStates(withRls)).rejects.toMatchObject({ code: 'MISCONFIGURED' });
  });

  it('says that nobody answers, without the address', async () => {
    const failed = await deployMigrations(nobody).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    expect((failed as Error).message).not.toContain('hidden-password');
    expect(await diagnoseDatabase(nobody)).toEqual([]);
  }, 30_000);

  (server ? it : it.skip)(
    'migrates, tells the states, diagnoses and resets',
    async () => {
      const environment = aDatabase();
      const pending = await migrationStates(environment);
      expect(new Set(pending.map(({ state }) => state))).toEqual(new Set(['pending']));
      const applied = await deployMigrations(environment);
      expect([...applied].sort()).toEqual(pending.map(({ name }) => name).sort());
      expect(await deployMigrations(environment)).toEqual([]);
      const states = await migrationStates(environment);
      expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['applied']));
      const diagnoses = await diagnoseDatabase(environment);
      expect(diagnoses.map(({ name }) => name)).toEqual([
        'MongoDB',
        'Clock and database',
        'Schema drift',
        'Transactions',
        'Database connections',
      ]);
      expect(diagnoses.slice(1, 3)).toEqual([
        expect.objectContaining({ status: 'ok' }),
        expect.objectContaining({ status: 'ok' }),
      ]);
      expect(await resetDatabase(environment)).toHaveLength(applied.length);
    },
    60_000,
  );
});
