import { loadApp } from '../app/load-app.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { switchFlag, textFlag } from '../flags.js';
import { styleOf } from '../text/style.js';
import type { Style } from '../text/style.js';

/** What was done; null for what was not asked for. */
interface Deployed {
  readonly applied: readonly string[];
  readonly covered: readonly string[] | null;
}

function deployText({ applied, covered }: Deployed, { green }: Style): string {
  const migrations =
    applied.length === 0
      ? 'The database is up to date.\n'
      : applied.map((name) => `${green('✓')} ${name}\n`).join('');
  if (covered === null) return migrations;
  const tables = covered.length === 0 ? 'on all tables already' : `on ${covered.join(', ')}`;
  return `${migrations}${green('✓')} row-level security ${tables}\n`;
}

/** `tenon migrate deploy`. */
export const migrateDeployCommand = defineCommand({
  name: 'migrate deploy',
  summary: 'Apply pending migrations to the database',
  flags: {
    app: appFlag,
    rls: switchFlag(
      'Put row-level security on every table of tenants (default: TENON_DATABASE_RLS)',
    ),
    grant: textFlag('ROLE', 'With --rls: let this role of the app read and write the tables'),
    json: jsonFlag,
  },
  run: async (flags, io) => {
    if (flags.grant !== null && !flags.rls) throw new UsageError('--grant goes with --rls');
    const { app, environment } = await loadApp(io, flags.app);
    const applied = await app.deployMigrations(environment);
    const wish = { always: flags.rls, grantTo: flags.grant };
    const deployed = { applied, covered: await app.enableRowLevelSecurity(environment, wish) };
    io.stdout.write(
      flags.json
        ? `${JSON.stringify(deployed, null, 2)}\n`
        : deployText(deployed, styleOf(io.stdout, io.env)),
    );
    return exitCodes.ok;
  },
});
