import type { ArchiveChunk } from '@tenon/core';
import { UsageError } from '../cli.errors.js';
import { defineCommand } from '../command.js';
import { archiveKey, keyFileFlag } from '../data/archive-key.js';
import { openOutput } from '../data/archive-output.js';
import type { ArchiveOutput } from '../data/archive-output.js';
import { interruptible } from '../data/interruptible.js';
import { ProgressLines } from '../data/progress.js';
import { exitCodes } from '../exit-code.js';
import { switchFlag, textFlag } from '../flags.js';
import type { Io } from '../io.js';
import { writeDetails } from '../operate/details.js';
import { tenantFlags, withTenant } from '../operate/with-tenant.js';

async function written(
  io: Io,
  chunks: AsyncIterable<ArchiveChunk>,
  output: ArchiveOutput,
): Promise<ArchiveChunk | null> {
  const progress = new ProgressLines(io);
  let last: ArchiveChunk | null = null;
  for await (const chunk of chunks) {
    await output.write(chunk);
    last = chunk;
    const { entity, totalRows, totalExpected } = chunk;
    progress.tell({ entity, rows: totalRows, portion: totalRows / Math.max(1, totalExpected) });
  }
  progress.end();
  await output.finish();
  return last;
}

/** `tenon data export`. A second call goes on where the first was stopped. */
export const dataExportCommand = defineCommand({
  name: 'data export',
  summary: 'Write everything of a tenant into a file, its secrets under the archive key',
  flags: {
    out: textFlag('FILE', 'File, folder, or - for standard output'),
    'key-file': keyFileFlag,
    fresh: switchFlag('Begin anew instead of going on with what an export left behind'),
    ...tenantFlags,
  },
  run: async ({ out, fresh, 'key-file': keyFile, app, tenant, json }, io) => {
    if (out === null)
      throw new UsageError('--out is missing: --out FILE, --out FOLDER/ or --out -');
    if (out === '-' && json) throw new UsageError('--json and --out - both want standard output');
    const key = await archiveKey(io, keyFile);
    return withTenant(io, { app, tenant }, async ({ commands, context }) => {
      const { tenantId, requestId, logger } = context;
      const output = await openOutput(io, out, { tenantId, fresh });
      if (output.resume) io.stderr.write(`Going on with what is in ${output.name}.part\n`);
      try {
        const last = await interruptible(io, (signal) => {
          const { resume } = output;
          const asked = { requestId, logger, actor: 'system', signal } as const;
          const input = { tenantId, key, ...(resume && { resume }) };
          return written(io, commands.data.export(asked, input), output);
        });
        if (last === null) {
          io.stderr.write('Stopped; the same command goes on from here\n');
          return exitCodes.failed;
        }
        const { totalRows: rows, sha256 } = last;
        if (out === '-') io.stderr.write(`${rows} rows, checksum ${sha256 ?? ''}\n`);
        else writeDetails(io, { tenantId, file: output.name, rows, sha256 }, json);
        return exitCodes.ok;
      } finally {
        await output.close();
      }
    });
  },
});
