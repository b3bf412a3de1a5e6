import type { VerifiedArchive } from '@tenon/core';
import { withApp } from '../app/with-app.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { openInput } from '../data/archive-input.js';
import { archiveKey, findArchiveKey, keyFileFlag } from '../data/archive-key.js';
import { importFlags, importOptions } from '../data/import-flags.js';
import { interruptible } from '../data/interruptible.js';
import { runImport } from '../data/run-import.js';
import { exitCodes } from '../exit-code.js';
import type { Io } from '../io.js';
import { writeDetails } from '../operate/details.js';
import { titledTable, writeJson } from '../operate/paging.js';
import { word } from '../words.js';

const fileWord = word('FILE', 'the archive, or - for standard input');

/** `tenon data import`. A second call goes on where the first was stopped. */
export const dataImportCommand = defineCommand({
  name: 'data import',
  summary: 'Put the tenant of an archive into the database, its secrets under the key of the app',
  words: { file: fileWord },
  flags: { ...importFlags, 'key-file': keyFileFlag, app: appFlag, json: jsonFlag },
  run: async ({ file, 'key-file': keyFile, app, json, ...flags }, io) => {
    const key = await archiveKey(io, keyFile);
    const { text, portion } = await openInput(io, file, { complete: true });
    return withApp(io, app, ({ commands, context }) =>
      runImport(io, json, (signal) => ({
        steps: commands.data.import({ ...context, signal }, { text, key, ...importOptions(flags) }),
        portion,
      })),
    );
  },
});

function writeVerified(io: Io, verified: VerifiedArchive, json: boolean): void {
  if (json) {
    writeJson(io, verified);
    return;
  }
  const { entities, ...archive } = verified;
  writeDetails(io, archive, false);
  const table = titledTable(
    io,
    entities.filter(({ rows }) => rows > 0),
    [
      ['ENTITY', ({ entity }) => entity],
      ['ROWS', ({ rows }) => String(rows)],
      ['SHA256', ({ sha256 }) => sha256],
    ],
  );
  io.stdout.write(`\n${table}`);
}

/** `tenon data verify`. Writes nothing. */
export const dataVerifyCommand = defineCommand({
  name: 'data verify',
  summary: 'Read an archive from end to end; with its key, its secrets too',
  words: { file: fileWord },
  flags: { 'key-file': keyFileFlag, app: appFlag, json: jsonFlag },
  run: async ({ file, 'key-file': keyFile, app, json }, io) => {
    const key = await findArchiveKey(io, keyFile);
    const { text } = await openInput(io, file, { complete: false });
    return withApp(io, app, async ({ commands, context }) => {
      const verified = await interruptible(io, (signal) =>
        commands.data.verify({ ...context, signal }, { text, ...(key && { key }) }),
      );
      if (verified === null) return exitCodes.failed;
      writeVerified(io, verified, json);
      if (!verified.secrets) io.stderr.write('Without the archive key: secrets were not opened\n');
      return exitCodes.ok;
    });
  },
});
