import type { MigrationState } from '@tenon/core';
import { loadApp } from '../app/load-app.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { styleOf } from '../text/style.js';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';

const ADVICE = {
  pending: 'Apply what is pending: tenon migrate deploy',
  failed: 'A migration failed half-way: repair what it left, then tenon migrate deploy',
  edited:
    'An applied migration was changed afterwards: restore its file; changes go into a new migration',
  unknown: 'The database knows migrations that this app does not: it was migrated by a newer app',
} as const;

function cellOf(state: MigrationState['state'], style: Style): string {
  if (state === 'applied') return style.green(`✓ ${state}`);
  return state === 'pending' || state === 'unknown'
    ? style.yellow(`! ${state}`)
    : style.red(`✗ ${state}`);
}

function statusText(migrations: readonly MigrationState[], style: Style): string {
  if (migrations.length === 0) return 'There are no migrations.\n';
  const rows = migrations.map(({ name, state, appliedAt }) => [
    cellOf(state, style),
    name,
    appliedAt === null ? '' : style.dim(appliedAt.toISOString()),
  ]);
  const states = new Set(migrations.map(({ state }) => state));
  const advice = (['failed', 'edited', 'unknown', 'pending'] as const)
    .filter((state) => states.has(state))
    .map((state) => `${ADVICE[state]}\n`);
  return table(rows) + (advice.length > 0 ? `\n${advice.join('')}` : '');
}

/** `tenon migrate status`. Fails when a migration failed or was edited; pending ones are no failure. */
export const migrateStatusCommand = defineCommand({
  name: 'migrate status',
  summary: 'Show which migrations the database has',
  flags: { app: appFlag, json: jsonFlag },
  run: async (flags, io) => {
    const { app, environment } = await loadApp(io, flags.app);
    const migrations = await app.migrationStatus(environment);
    io.stdout.write(
      flags.json
        ? `${JSON.stringify({ migrations }, null, 2)}\n`
        : statusText(migrations, styleOf(io.stdout, io.env)),
    );
    const broken = migrations.some(({ state }) => state === 'failed' || state === 'edited');
    return broken ? exitCodes.failed : exitCodes.ok;
  },
});
