import type { BundlePlugin } from './lazy-packages.js';

const NAMESPACE = 'tenon-slim-app';

/** Parts of an app that its definition loads when somebody starts a server or tries a job, with what they export. */
const PARTS: Readonly<Record<string, string>> = {
  service: 'startService',
  'open-trial': 'openTrial',
};

/**
 * Leaves out of functions what runs on servers and at desks alone: the server with its websockets, and trials with their memory database.
 * Who asks for them in a function is told so.
 */
export function slimApp(): BundlePlugin {
  return {
    name: 'tenon-slim-app',
    setup(build) {
      const filter = new RegExp(`^\\./(${Object.keys(PARTS).join('|')})\\.[jt]s$`);
      build.onResolve({ filter }, ({ path, kind, importer, resolveDir }) =>
        kind === 'dynamic-import' && /[\\/](@tenon|packages)[\\/]app[\\/]/.test(importer)
          ? { path, namespace: NAMESPACE, pluginData: resolveDir }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path, pluginData }) => ({
        contents: `import { MisconfiguredError } from '@tenon/core/kernel';
export function ${PARTS[path.slice(2, -3)] ?? ''}() {
  throw new MisconfiguredError('Servers and trials are no part of slim bundles: bundle with slim: false, or run them outside of functions');
}`,
        loader: 'js',
        resolveDir: String(pluginData),
      }));
    },
  };
}
