import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import yauzl from 'yauzl';

import { packFunctions } from './artifact.js';
import { zip } from './zip.js';

interface Found {
  readonly name: string;
  readonly mode: string;
  readonly bytes: Buffer;
}

/** Reads an archive by its central directory, checking sizes and sums. */
async function unzip(archive: Uint8Array): Promise<Found[]> {
  const file = await yauzl.fromBufferPromise(Buffer.from(archive), { lazyEntries: true });
  const found: Found[] = [];
  for await (const entry of file.eachEntry()) {
    const stream = await file.openReadStreamPromise(entry);
    found.push({
      name: entry.fileName,
      mode: (entry.externalFileAttributes >>> 16).toString(8),
      bytes: await buffer(stream),
    });
  }
  return found;
}

const entries = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-zà-ž0-9-]{1,20}\.mjs$/),
    bytes: fc.uint8Array({ maxLength: 2_000 }),
  }),
  { maxLength: 8, selector: ({ name }) => name },
);

describe('an archive of functions', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenon-zip-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read by an unpacker that others wrote', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (files) => {
        const wanted = files.map(({ name, bytes }) => ({
          name,
          mode: '100644',
          bytes: Buffer.from(bytes),
        }));
        expect(await unzip(zip(files))).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });

  it('is the same for the same files, in every time zone', () => {
    const files = [{ name: 'api.mjs', bytes: Buffer.from('export const handler = 1;') }];
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    const there = zip(files);
    process.env['TZ'] = 'America/Anchorage';
    const elsewhere = zip(files);
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect(elsewhere).toEqual(there);
  });

  it('has the key of what is in it: other code has another, maps and times count for nothing', () => {
    writeFileSync(join(folder, 'api.mjs'), 'one');
    const first = packFunctions(folder, 'shop');
    writeFileSync(join(folder, 'api.mjs.map'), 'map');
    expect(packFunctions(folder, 'shop')).toEqual(first);
    expect(first.key).toMatch(/^shop\/code-[0-9a-f]{40}\.zip$/);
    writeFileSync(join(folder, 'api.mjs'), 'two');
    expect(packFunctions(folder, 'shop').key).not.toBe(first.key);
  });
});
