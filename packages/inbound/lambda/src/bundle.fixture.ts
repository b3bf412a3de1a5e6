import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REQUIRE =
  "import { createRequire as tenonRequire } from 'node:module'; const require = tenonRequire(import.meta.url);";

/** A function as it would be uploaded. */
export interface Bundle {
  readonly entry: string;
  remove(): Promise<void>;
}

/** Bundles an entry the way a deployment does: ESM, split at dynamic imports, nothing left to install. */
export async function bundle(entry: URL): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-bundle-'));
  await build({
    entryPoints: { index: entry.pathname },
    outdir: folder,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
  return {
    entry: join(folder, 'index.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
