/** The parts of esbuild's `PluginBuild` that are used here. */
interface PluginBuild {
  onResolve(
    options: { filter: RegExp },
    callback: (args: {
      path: string;
      namespace: string;
      resolveDir: string;
      /** How it is imported: `import-statement`, `dynamic-import`, … */
      kind: string;
      /** The file that imports it. */
      importer: string;
    }) => { path: string; namespace: string; suffix?: string; pluginData?: unknown } | undefined,
  ): void;
  onLoad(
    options: { filter: RegExp; namespace: string },
    callback: (args: { path: string; pluginData: unknown }) => {
      contents: string;
      loader: 'js';
      resolveDir?: string;
    },
  ): void;
}

/** A plugin of esbuild. */
export interface BundlePlugin {
  readonly name: string;
  setup(build: PluginBuild): void;
}

const NAMESPACE = 'tenon-lazy';

/**
 * CommonJS packages that others load at their own start and use seldom, with the functions that are used: in a bundle they are
 * loaded by the first call.
 */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  // Nested query strings and forms, which Express reads only when asked to.
  qs: ['parse', 'stringify'],
};

function source(name: string, functions: readonly string[]): string {
  const members = functions.map(
    (each) => `exports.${each} = (...args) => load().${each}(...args);`,
  );
  return `let loaded;
const load = () => (loaded ??= require(${JSON.stringify(name)}));
${members.join('\n')}
`;
}

/** Puts off loading such packages until they are called. What they do stays the same. */
export function lazyPackages(): BundlePlugin {
  return {
    name: 'tenon-lazy-packages',
    setup(build) {
      const filter = new RegExp(`^(${Object.keys(PACKAGES).join('|')})$`);
      build.onResolve({ filter }, ({ path, namespace, resolveDir }) =>
        // What stands in for the package asks for the package itself.
        namespace === NAMESPACE
          ? undefined
          : { path, namespace: NAMESPACE, pluginData: resolveDir },
      );
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path, pluginData }) => ({
        contents: source(path, PACKAGES[path] ?? []),
        loader: 'js',
        resolveDir: String(pluginData),
      }));
    },
  };
}
