import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { BuildOptions, Metafile } from 'esbuild';
import { buildFailed, loadEsbuild } from '../app/app-builder.js';
import { AppError } from '../cli.errors.js';
import type { BuiltFiles } from './size-report.js';

/** The part of `@tenon/lambda` that is used: the project's own copy, so that its stand-ins fit its packages. */
interface LambdaPackage {
  readonly lambdaBundleOptions: (input: {
    readonly entryPoints: Readonly<Record<string, string>>;
    readonly outdir: string;
  }) => BuildOptions;
}

async function loadLambdaPackage(cwd: string): Promise<LambdaPackage> {
  const name = '@tenon/lambda';
  try {
    const path = createRequire(join(cwd, 'package.json')).resolve(name);
    return (await import(pathToFileURL(path).href)) as LambdaPackage;
  } catch (error) {
    throw new AppError(
      'APP_BUILD_FAILED',
      `Functions for Lambda need the package '${name}': npm install ${name}`,
      error,
    );
  }
}

/** What to build. */
export interface FunctionsRequest {
  readonly cwd: string;
  readonly entryPoints: Readonly<Record<string, string>>;
  /** Absolute path; what is there is replaced when the build has succeeded. */
  readonly outdir: string;
  /** Looks at what was made before it takes its place. @throws to leave the place as it is. */
  check(built: BuiltFiles): void;
}

async function measure(cwd: string, { outputs }: Metafile): Promise<BuiltFiles> {
  const zipped = new Map<string, number>();
  for (const path of Object.keys(outputs)) {
    zipped.set(path, gzipSync(await readFile(join(cwd, path))).length);
  }
  return { outputs, zipped };
}

/**
 * Bundles functions with source maps. The folder has the whole result or what it had before.
 * @throws AppError `APP_BUILD_FAILED` with file, line and column; what `check` throws.
 */
export async function buildFunctions(request: FunctionsRequest): Promise<void> {
  const { cwd, entryPoints, outdir } = request;
  const { lambdaBundleOptions } = await loadLambdaPackage(cwd);
  const esbuild = await loadEsbuild(cwd, join(cwd, 'src'));
  const unfinished = `${outdir}.${process.pid}.tmp`;
  try {
    const { metafile } = await esbuild
      .build({
        ...lambdaBundleOptions({ entryPoints, outdir: unfinished }),
        absWorkingDir: cwd,
        sourcemap: true,
        sourcesContent: false,
        metafile: true,
        logLevel: 'silent',
      })
      .catch((error: unknown) => {
        throw buildFailed(error, cwd);
      });
    request.check(await measure(cwd, metafile));
    await rm(outdir, { recursive: true, force: true });
    await mkdir(dirname(outdir), { recursive: true });
    await rename(unfinished, outdir);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
