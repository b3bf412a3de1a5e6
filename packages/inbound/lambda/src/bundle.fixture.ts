import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lambdaBundleOptions } from './bundle-options.js';

/** A function as it would be uploaded. */
export interface Bundle {
  readonly entry: string;
  remove(): Promise<void>;
}

/** Bundles an entry the way a deployment does: ESM, split at dynamic imports, nothing left to install. */
export async function bundle(entry: URL): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-bundle-'));
  const options = lambdaBundleOptions({
    entryPoints: { index: fileURLToPath(entry) },
    outdir: folder,
  });
  await build({ ...options, conditions: ['source'], logLevel: 'error' });
  return {
    entry: join(folder, 'index.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
