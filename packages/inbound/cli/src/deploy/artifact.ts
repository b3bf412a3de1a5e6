import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zip } from './zip.js';

/** Bytes with a key that says what they are: other bytes have another. */
export interface Artifact {
  readonly key: string;
  readonly bytes: Uint8Array;
}

const HASH_LENGTH = 40;

/** The functions of a folder that `tenon build` made, without source maps. */
export function packFunctions(folder: string, name: string): Artifact {
  const entries = readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .sort()
    .map((file) => ({ name: file, bytes: readFileSync(join(folder, file)) }));
  // Of what is in it: versions of Node pack the same files differently.
  const hash = createHash('sha256');
  for (const each of entries)
    hash.update(`${each.name}\0${each.bytes.length}\0`).update(each.bytes);
  const digest = hash.digest('hex').slice(0, HASH_LENGTH);
  return { key: `${name}/code-${digest}.zip`, bytes: zip(entries) };
}

/** A template as an object of the bucket. */
export function packTemplate(text: string, name: string): Artifact {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
  return { key: `${name}/template-${digest}.json`, bytes: Buffer.from(text) };
}
