import { loadApp } from '../app/load-app.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { switchFlag } from '../flags.js';
import { styleOf } from '../text/style.js';

/** `tenon migrate reset`. */
export const migrateResetCommand = defineCommand({
  name: 'migrate reset',
  summary: 'Delete everything in the database and apply all migrations anew',
  flags: {
    app: appFlag,
    yes: switchFlag('Really delete all data'),
    force: switchFlag('Also where NODE_ENV is production'),
    json: jsonFlag,
  },
  run: async (flags, io) => {
    if (!flags.yes) {
      throw new UsageError(
        'migrate reset deletes all tenants, connections and everything else: add --yes',
      );
    }
    const { app, environment } = await loadApp(io, flags.app);
    if (environment['NODE_ENV'] === 'production' && !flags.force) {
      throw new UsageError(
        'NODE_ENV is production: nothing was deleted. To delete all data there, add --force',
      );
    }
    const applied = await app.resetDatabase(environment);
    const covered = await app.enableRowLevelSecurity(environment, { always: false, grantTo: null });
    const { green } = styleOf(io.stdout, io.env);
    io.stdout.write(
      flags.json
        ? `${JSON.stringify({ applied, covered }, null, 2)}\n`
        : `The database was emptied.\n${applied.map((name) => `${green('✓')} ${name}\n`).join('')}`,
    );
    return exitCodes.ok;
  },
});
