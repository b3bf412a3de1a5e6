import { randomBytes } from 'node:crypto';
import { secret } from '@tenon/core';
import type { ArchiveChunk, OpenApp, TenantId } from '@tenon/core';
import { loadApp } from '../app/load-app.js';
import { UsageError } from '../cli.errors.js';
import { defineCommand } from '../command.js';
import { targetEnvironment, targetFlags } from '../data/copy-target.js';
import { importFlags, importOptions } from '../data/import-flags.js';
import { runImport } from '../data/run-import.js';
import type { ExitCode } from '../exit-code.js';
import type { Io } from '../io.js';
import { chooseTenant, tenantFlags } from '../operate/with-tenant.js';

const KEY_BYTES = 32;
const QUIET = { TENON_LOG_LEVEL: 'warn' };

interface Copy {
  readonly source: OpenApp;
  readonly target: OpenApp;
  readonly tenantId: TenantId;
  readonly options: ReturnType<typeof importOptions>;
}

function copy(
  io: Io,
  json: boolean,
  { source, target, tenantId, options }: Copy,
): Promise<ExitCode> {
  // Of this copy alone: secrets are encrypted on their way, too.
  const key = secret(randomBytes(KEY_BYTES).toString('base64url'));
  let portion = 0;
  async function* texts(chunks: AsyncIterable<ArchiveChunk>): AsyncGenerator<string> {
    for await (const { text, totalRows, totalExpected } of chunks) {
      portion = totalRows / Math.max(1, totalExpected);
      yield text;
    }
  }
  return runImport(io, json, (signal) => {
    const text = texts(
      source.commands.data.export({ ...source.context, signal }, { tenantId, key }),
    );
    const steps = target.commands.data.import(
      { ...target.context, signal },
      { text, key, ...options },
    );
    return { steps, portion: () => portion };
  });
}

/** `tenon data copy`. A second call goes on where the first was stopped. */
export const dataCopyCommand = defineCommand({
  name: 'data copy',
  summary: 'Copy a tenant into another database, of either kind, its secrets under the key there',
  flags: { ...targetFlags, ...importFlags, ...tenantFlags },
  run: async ({ app, tenant, json, ...flags }, io) => {
    const { app: definition, environment } = await loadApp(io, app);
    const there = targetEnvironment(environment, flags);
    if (there['DATABASE_URL'] === environment['DATABASE_URL']) {
      throw new UsageError('--to names the database of the app itself');
    }
    const source = await definition.open({ ...QUIET, ...environment });
    try {
      const tenantId = await chooseTenant(source.commands, source.context, tenant);
      const target = await definition.open({ ...QUIET, ...there }).catch((error: unknown) => {
        io.stderr.write('The database that --to names cannot be opened.\n');
        throw error;
      });
      try {
        return await copy(io, json, { source, target, tenantId, options: importOptions(flags) });
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  },
});
