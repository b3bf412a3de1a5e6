import type { KeyRotation, KeyStatus } from '@tenon/core';
import { withApp } from '../app/with-app.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import { wholeFlag } from '../flags.js';
import { writeJson } from '../operate/paging.js';
import { StatusLine } from '../text/status-line.js';
import { table } from '../text/table.js';
import { word } from '../words.js';

function statusText({ writingKeyId, readingKeyIds, usage, missingKeyIds }: KeyStatus): string {
  const rows = usage.map(({ entity, field, keyId, rows: count }) => {
    const remark = keyId === null ? 'not encrypted by Tenon' : '';
    const missing = keyId !== null && missingKeyIds.includes(keyId) ? 'MISSING' : remark;
    return [keyId ?? '-', `${entity}.${field}`, String(count), missing];
  });
  const readers = readingKeyIds.filter((keyId) => keyId !== writingKeyId);
  return [
    `Writes: ${writingKeyId}\n`,
    `Read only: ${readers.join(', ') || 'none'}\n\n`,
    rows.length === 0 ? 'Nothing is stored yet.\n' : table([['KEY', 'FIELD', 'ROWS', ''], ...rows]),
  ].join('');
}

/** `tenon keys status`. Fails when stored values name keys that are in no ring. */
export const keysStatusCommand = defineCommand({
  name: 'keys status',
  summary: 'Count the stored secrets by the key that they need',
  flags: { app: appFlag, json: jsonFlag },
  run: ({ app, json }, io) =>
    withApp(io, app, async ({ commands, context }) => {
      const status = await commands.keys.status(context, {});
      if (json) writeJson(io, status);
      else io.stdout.write(statusText(status));
      if (status.missingKeyIds.length === 0) return exitCodes.ok;
      io.stderr.write(
        `Cannot be read, their keys are missing: ${status.missingKeyIds.join(', ')}\n`,
      );
      return exitCodes.failed;
    }),
});

function progressText({ position, scanned, rewritten, unreadable }: KeyRotation): string {
  const where = position === null ? 'done' : `${position.entity}.${position.field}`;
  const bad = unreadable === 0 ? '' : `, ${unreadable} unreadable`;
  return `${where}: ${scanned} looked at, ${rewritten} encrypted anew${bad}`;
}

/** `tenon keys rotate`. A second call goes on where the first was stopped. */
export const keysRotateCommand = defineCommand({
  name: 'keys rotate',
  summary: 'Encrypt all stored secrets anew with the writing key, while the app works on',
  flags: {
    batch: wholeFlag('N', 'Rows in one batch (default: 500)', { min: 1, max: 10_000 }),
    rate: wholeFlag('N', 'The most rows in a second (default: no limit)', {
      min: 1,
      max: 1_000_000,
    }),
    app: appFlag,
    json: jsonFlag,
  },
  run: ({ batch, rate, app, json }, io) =>
    withApp(io, app, async ({ commands, context }) => {
      const stop = new AbortController();
      const release = io.onStopRequest(() => {
        stop.abort();
      });
      const line = new StatusLine(io);
      try {
        const rotation = await commands.keys.rotate(
          { ...context, signal: stop.signal },
          {
            ...(batch !== null && { batch }),
            ...(rate !== null && { maxPerSecond: rate }),
            onProgress: (progress) => {
              line.tell(progressText(progress));
            },
          },
        );
        line.end();
        if (json) writeJson(io, rotation);
        else io.stdout.write(`${progressText(rotation)}\n`);
        if (rotation.finishedAt === null) {
          io.stderr.write('Stopped; the same command goes on from here\n');
          return exitCodes.failed;
        }
        return rotation.unreadable === 0 ? exitCodes.ok : exitCodes.failed;
      } finally {
        line.end();
        release();
      }
    }),
});

/** `tenon keys retire`. Changes nothing: the ring is in the environment. */
export const keysRetireCommand = defineCommand({
  name: 'keys retire',
  summary: 'Make sure that nothing needs a key any more',
  words: { id: word('ID', 'the id of the key') },
  flags: { app: appFlag, json: jsonFlag },
  run: ({ id, app, json }, io) =>
    withApp(io, app, async ({ commands, context }) => {
      const { keyId } = await commands.keys.retire(context, { keyId: id });
      if (json) writeJson(io, { keyId, needed: false });
      else {
        io.stdout.write(
          `Nothing needs the key '${keyId}'. Take it out of TENON_ENCRYPTION_KEYS (or TENON_KMS_KEY_ARN) and restart every process.\n`,
        );
      }
      return exitCodes.ok;
    }),
});
