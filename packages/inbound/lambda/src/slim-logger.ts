import type { BundlePlugin } from './lazy-packages.js';

const NAMESPACE = 'tenon-slim-logger';

/**
 * Apps load pino only where they do not run on Lambda: there they write the same lines without it. Bundles are for Lambda, so the
 * import that would never come is led to those lines. Whoever imports the logger at the start of a module keeps pino.
 */
export function slimLogger(): BundlePlugin {
  return {
    name: 'tenon-slim-logger',
    setup(build) {
      build.onResolve({ filter: /^@tenon\/logger-pino$/ }, ({ path, kind, resolveDir }) =>
        kind === 'dynamic-import'
          ? { path, namespace: NAMESPACE, pluginData: resolveDir }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path, pluginData }) => ({
        contents: `export { createLineLogger as createPinoLogger } from '${path}/lines';`,
        loader: 'js',
        resolveDir: String(pluginData),
      }));
    },
  };
}
