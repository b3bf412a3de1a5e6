import type { TenantDeletion, TenantId } from '@tenon/core';
import { withApp } from '../app/with-app.js';
import { UsageError } from '../cli.errors.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { switchFlag } from '../flags.js';
import { writeJson } from '../operate/paging.js';
import { word } from '../words.js';

function progressText({ entity, installations, connections, rows }: TenantDeletion): string {
  const counts = `${installations} installations, ${connections} connections, ${rows} other rows`;
  return `${entity ?? 'done'}: ${counts} deleted\n`;
}

const PROGRESS_EVERY_MS = 1_000;

/** `tenon tenants delete`. A second call goes on where the first was stopped. */
export const tenantsDeleteCommand = defineCommand({
  name: 'tenants delete',
  summary: 'Delete a tenant with everything that is its, for good',
  words: { id: word('ID', 'the id of the tenant') },
  flags: { yes: switchFlag('Really delete it'), app: appFlag, json: jsonFlag },
  run: ({ id, yes, app, json }, io) => {
    if (!yes) {
      throw new UsageError(
        `tenants delete removes the users, connections, installations and the audit trail of '${id}' for good: add --yes`,
      );
    }
    return withApp(io, app, async ({ commands, context }) => {
      const stop = new AbortController();
      const release = io.onStopRequest(() => {
        stop.abort();
      });
      let toldAt = 0;
      try {
        const deletion = await commands.tenants.delete(
          { ...context, signal: stop.signal },
          {
            tenantId: id as TenantId,
            onProgress: (progress) => {
              if (Date.now() - toldAt < PROGRESS_EVERY_MS) return;
              toldAt = Date.now();
              io.stderr.write(progressText(progress));
            },
          },
        );
        if (json) writeJson(io, deletion);
        else io.stdout.write(progressText(deletion));
        if (deletion.finished) return exitCodes.ok;
        io.stderr.write('Stopped; the same command goes on from here, and so does a running app\n');
        return exitCodes.failed;
      } finally {
        release();
      }
    });
  },
});
