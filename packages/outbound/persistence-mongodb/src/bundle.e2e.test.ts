import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { build } from 'esbuild';

jest.setTimeout(60_000);

const here = dirname(fileURLToPath(import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-mongodb-bundle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Nobody listens there: what counts is that the driver is the one who says so. */
const PROGRAM = `
import { createMongodbPersistence } from './index.js';
const persistence = createMongodbPersistence({
  connectionString: 'mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=100',
  encryptor: {},
});
const code = await persistence.migrate().then(() => 'none', (error) => error.code ?? String(error));
await persistence.close();
console.log(code);
`;

it('loads the driver from a bundle that is split at imports', async () => {
  await build({
    stdin: { contents: PROGRAM, resolveDir: here, loader: 'js', sourcefile: 'program.js' },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    conditions: ['source'],
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'stdin.mjs')]);
  expect(stdout).toBe('DATABASE_UNAVAILABLE\n');
});
