import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { packFunctions } from './artifact.js';
import { zip } from './zip.js';
import type { ZipEntry } from './zip.js';

/** Reads an archive by its central directory, as unpackers do. */
function unzip(archive: Buffer): { readonly name: string; readonly bytes: Buffer }[] {
  const end = archive.length - 22;
  const count = archive.readUInt16LE(end + 10);
  const found = [];
  let at = archive.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry += 1) {
    const size = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    found.push({ name, bytes: inflateRawSync(archive.subarray(start, start + size)) });
    at += 46 + nameLength;
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

  it('gives back what was put in', () => {
    fc.assert(
      fc.property(entries, (files) => {
        const wanted = files.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) }));
        expect(unzip(zip(files))).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });

  it('is read by an unpacker that others wrote', () => {
    const files: ZipEntry[] = [
      { name: 'api.mjs', bytes: Buffer.from('export const handler = 1;\n'.repeat(500)) },
      { name: 'empty.mjs', bytes: Buffer.alloc(0) },
    ];
    const file = join(folder, 'functions.zip');
    writeFileSync(file, zip(files));
    const script =
      'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
      'print(json.dumps([[i.filename,i.file_size,oct(i.external_attr>>16)] for i in z.infolist()]))';
    const listed: unknown = JSON.parse(
      execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }),
    );
    expect(listed).toEqual([
      ['api.mjs', 13_000, '0o100644'],
      ['empty.mjs', 0, '0o100644'],
    ]);
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
