import { fileURLToPath } from 'node:url';
import { builtinModules } from './builtin-modules.js';
import { lazyPackages, type BundlePlugin } from './lazy-packages.js';
import { slimApp } from './slim-app.js';
import { slimLogger } from './slim-logger.js';
import { slimUndici } from './slim-undici.js';

/** What to bundle. */
export interface BundleInput {
  /** Output name to module: `{ api: 'src/api.ts', worker: 'src/worker.ts' }`. */
  readonly entryPoints: Readonly<Record<string, string>>;
  readonly outdir: string;
  /**
   * Leaves out what Express brings and APIs do not use, half of the bundle and of the time to load it: rare character sets
   * (request bodies in other sets than UTF-8, UTF-16, ASCII and Latin-1 are then refused with 415), rare media types
   * (`response.type('odf')` needs the whole type written out) and Express' own notes for `DEBUG`; of undici, the parser for
   * processors without SIMD instructions; pino, servers and trials, which apps do not load on Lambda. Default: true.
   */
  readonly slim?: boolean;
}

/** Options for `build` of the `esbuild` package. */
export interface BundleOptions {
  readonly entryPoints: Record<string, string>;
  readonly outdir: string;
  readonly bundle: true;
  readonly minify: true;
  readonly splitting: true;
  readonly format: 'esm';
  readonly platform: 'node';
  readonly target: 'node20';
  readonly mainFields: string[];
  readonly outExtension: Record<string, string>;
  readonly banner: Record<string, string>;
  readonly alias: Record<string, string>;
  readonly plugins: BundlePlugin[];
}

const REQUIRE =
  "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);";

/** Beside this file, in TypeScript as long as this file is. */
function neighbour(name: string, emitted: '.js' | '.cjs'): string {
  const source = import.meta.url.endsWith('.ts') ? emitted.replace('js', 'ts') : emitted;
  return fileURLToPath(new URL(`./${name}${source}`, import.meta.url));
}

function slimPackages(): Record<string, string> {
  return {
    'iconv-lite': neighbour('slim-iconv-lite', '.js'),
    'mime-db': neighbour('slim-mime-db', '.cjs'),
    debug: neighbour('slim-debug', '.cjs'),
  };
}

/**
 * How Lambda functions are bundled: ES modules, split where code is loaded on first use, so that the AWS SDK and the
 * database cost nothing before they are needed.
 *
 * @example
 * await build(lambdaBundleOptions({ entryPoints: { api: 'src/api.ts' }, outdir: 'dist' }));
 */
export function lambdaBundleOptions(input: BundleInput): BundleOptions {
  const { entryPoints, outdir, slim = true } = input;
  return {
    entryPoints: { ...entryPoints },
    outdir,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Packages that have ES modules as well are smaller as such.
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    // CommonJS packages inside the bundle ask for Node's own modules by `require`.
    banner: { js: REQUIRE },
    alias: slim ? slimPackages() : {},
    plugins: [
      builtinModules(),
      lazyPackages(),
      ...(slim ? [slimUndici(), slimLogger(), slimApp()] : []),
    ],
  };
}
