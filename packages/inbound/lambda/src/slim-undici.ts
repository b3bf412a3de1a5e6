import { join } from 'node:path';
import type { BundlePlugin } from './lazy-packages.js';

/**
 * undici carries its parser twice, with and without SIMD instructions, 72 KB each. Processors that Lambda and Node 20 run on have
 * them: in bundles both names are the one with.
 */
export function slimUndici(): BundlePlugin {
  return {
    name: 'tenon-slim-undici',
    setup(build) {
      build.onResolve({ filter: /\/llhttp\/llhttp-wasm\.js$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.replace('llhttp-wasm', 'llhttp_simd-wasm')),
        namespace: 'file',
      }));
    },
  };
}
