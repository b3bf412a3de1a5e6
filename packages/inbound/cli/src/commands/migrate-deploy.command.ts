import { loadApp } from '../app/load-app.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { styleOf } from '../text/style.js';

/** `tenon migrate deploy`. */
export const migrateDeployCommand = defineCommand({
  name: 'migrate deploy',
  summary: 'Apply pending migrations to the database',
  flags: { app: appFlag, json: jsonFlag },
  run: async (flags, io) => {
    const { app, environment } = await loadApp(io, flags.app);
    const applied = await app.deployMigrations(environment);
    const { green } = styleOf(io.stdout, io.env);
    const text =
      applied.length === 0
        ? 'The database is up to date.\n'
        : applied.map((name) => `${green('✓')} ${name}\n`).join('');
    io.stdout.write(flags.json ? `${JSON.stringify({ applied }, null, 2)}\n` : text);
    return exitCodes.ok;
  },
});
