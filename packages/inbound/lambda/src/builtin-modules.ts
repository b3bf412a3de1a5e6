import { isBuiltin } from 'node:module';
import type { BundlePlugin } from './lazy-packages.js';

const NAMESPACE = 'tenon-builtin';
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * Stands in for a module of Node: the exports that are used are read one by one. An `import` of Node's makes Node read all of them, which
 * loads what hides behind some (streams of `fs`, web cryptography, promises of `dns`).
 */
function source(specifier: string): string {
  const name = JSON.stringify(specifier);
  const names = Object.keys(process.getBuiltinModule(specifier) ?? {}).filter(
    (each) => IDENTIFIER.test(each) && each !== 'default',
  );
  // Marked as pure: what nobody uses is left out, and not read. Numbered: some are named like a reserved word.
  return [
    `const all = /* @__PURE__ */ process.getBuiltinModule(${name});`,
    'const get = (name) => all[name];',
    'export default all;',
    ...names.map((each, at) => `const _${at} = /* @__PURE__ */ get('${each}');`),
    `export { ${names.map((each, at) => `_${at} as ${each}`).join(', ')} };`,
  ].join('\n');
}

/** Reads of Node's own modules what the bundle uses, and no more. What they do stays the same. */
export function builtinModules(): BundlePlugin {
  return {
    name: 'tenon-builtin-modules',
    setup(build) {
      build.onResolve({ filter: /^[a-z][a-z0-9_:/]*$/ }, ({ path, kind, importer }) => {
        if (kind !== 'import-statement' || !isBuiltin(path)) return undefined;
        // One for each file that asks: shared ones would become files of their own, which cost more than they save.
        return { path, suffix: `?${encodeURIComponent(importer)}`, namespace: NAMESPACE };
      });
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
        contents: source(path.startsWith('node:') ? path : `node:${path}`),
        loader: 'js',
      }));
    },
  };
}
