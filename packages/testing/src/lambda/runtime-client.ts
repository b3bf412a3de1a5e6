import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rapidClient } from './rapid-client.js';

/** Where a copy of `aws-lambda-ric` lies and how it is started. */
export interface RuntimeClient {
  readonly version: string;
  /** Script to run with Node. */
  readonly script: string;
}

const PACKAGE = 'aws-lambda-ric';

function* parents(folder: string): Generator<string> {
  let current = folder;
  for (;;) {
    yield current;
    const parent = dirname(current);
    if (parent === current) return;
    current = parent;
  }
}

function cachedCopy(parent: string, major: number): string | null {
  const cache = join(parent, 'node_modules', '.cache', 'tenon');
  if (!existsSync(cache)) return null;
  const name = readdirSync(cache).find((entry) => entry.startsWith(`${PACKAGE}-${major}.`));
  return name === undefined ? null : join(cache, name);
}

/** The copy of this major version in the cache of the workspace, or the one installed as a dependency. */
function findFolder(from: string, major: number): string | null {
  for (const parent of parents(from)) {
    const cached = cachedCopy(parent, major);
    if (cached !== null) return cached;
    const installed = join(parent, 'node_modules', PACKAGE);
    if (existsSync(installed)) return installed;
  }
  return null;
}

/** Renaming is atomic: a runtime that starts meanwhile reads the old file or the new one, never half of it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

/** `require('./x.node')` takes a folder of that name with an index file: no loader hook is needed. */
async function addNativeStandIn(folder: string): Promise<void> {
  const target = join(folder, 'rapid-client.node');
  if (statSync(target, { throwIfNoEntry: false })?.isFile() === true) return;
  await mkdir(target, { recursive: true });
  await replaceFile(join(target, 'package.json'), '{"type":"commonjs","main":"index.js"}\n');
  const source = `'use strict';\nmodule.exports = (${rapidClient.toString()})(require('node:http'));\n`;
  await replaceFile(join(target, 'index.js'), source);
}

/**
 * Makes `aws-lambda-ric` ready to run for a Node.js of the given major version: version 3 serves Node.js 20, version 4
 * later ones. Its native module, where it was not compiled, is replaced by a plain JavaScript one.
 *
 * @throws Error when no copy is installed.
 */
export async function findRuntimeClient(
  nodeMajor: number,
  folder?: string,
): Promise<RuntimeClient> {
  const major = nodeMajor >= 22 ? 4 : 3;
  const found = folder ?? findFolder(process.cwd(), major);
  if (found === null) {
    throw new Error(
      `${PACKAGE} ${major} is not installed: run 'npm install --save-dev --ignore-scripts ${PACKAGE}@${major}', ` +
        "or in Tenon's own repository 'npm run fetch:lambda-ric'",
    );
  }
  const manifest = JSON.parse(await readFile(join(found, 'package.json'), 'utf8')) as {
    version: string;
  };
  const flat = existsSync(join(found, 'index.mjs'));
  await addNativeStandIn(flat ? found : join(found, 'dist'));
  return { version: manifest.version, script: join(found, flat ? 'index.mjs' : 'bin/index.mjs') };
}
