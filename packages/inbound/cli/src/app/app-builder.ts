import { rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildContext, BuildFailure, BuildOptions, Message } from 'esbuild';
import { AppError } from '../cli.errors.js';
import { codeFrame } from '../text/code-frame.js';
import { requireWritable } from '../writable.js';

type Esbuild = typeof import('esbuild');

/** A module that Node can import, and the files it was made of. */
export interface Build {
  readonly file: string;
  readonly inputs: readonly string[];
}

/** Makes an importable module of an app's source, again and again. */
export interface AppBuilder {
  /** @throws AppError `APP_BUILD_FAILED` naming file, line and column. */
  build(): Promise<Build>;
  dispose(): Promise<void>;
}

/** What to build, and where it goes below the project. */
export interface BuildRequest {
  readonly cwd: string;
  /** Absolute path of the app's module. */
  readonly app: string;
  /** File name of the result, without suffix. */
  readonly name: string;
}

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts', '.tsx']);

/** The project's own esbuild, or the one that stands beside this package. @throws AppError `APP_BUILD_FAILED` without either. */
export async function loadEsbuild(cwd: string, app: string): Promise<Esbuild> {
  const project = createRequire(join(cwd, 'package.json'));
  try {
    return (await import(pathToFileURL(project.resolve('esbuild')).href)) as Esbuild;
  } catch {
    // Not of the project: it may be hoisted to where this package finds it.
  }
  try {
    return await import('esbuild');
  } catch (error) {
    throw new AppError(
      'APP_BUILD_FAILED',
      `${relative(cwd, app)} is TypeScript, which needs the package 'esbuild': npm install --save-dev esbuild. ` +
        'Compiled apps run without it: name the JavaScript module with --app dist/app.js',
      error,
    );
  }
}

function describe({ location, text }: Message, cwd: string): string {
  if (!location) return text;
  const { line } = location;
  const column = location.column + 1;
  const frame = codeFrame({ file: resolve(cwd, location.file), line, column });
  return [`${location.file}:${line}:${column}: ${text}`, frame].filter(Boolean).join('\n');
}

/** What esbuild found, with file, line, column and the code there. */
export function buildFailed(error: unknown, cwd: string): AppError {
  const messages = (error as Partial<BuildFailure>).errors ?? [];
  const texts = messages.map((message) => describe(message, cwd));
  const text = texts.length === 0 ? String(error) : texts.join('\n  ');
  return new AppError('APP_BUILD_FAILED', `The app does not build\n  ${text}\n `, error);
}

/** A reader sees the old file or the new one, never half of one. */
async function writeWhole(file: string, contents: Uint8Array): Promise<void> {
  await requireWritable(dirname(file));
  const unfinished = `${file}.${process.pid}.tmp`;
  await writeFile(unfinished, contents);
  await rename(unfinished, file);
}

function buildOptions({ cwd, app, name }: BuildRequest) {
  return {
    absWorkingDir: cwd,
    entryPoints: [app],
    // Inside the project, so that packages resolve from there.
    outfile: join(cwd, '.tenon', 'build', `${name}.mjs`),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: `node${process.versions.node}`,
    sourcemap: 'inline',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'silent',
  } as const satisfies BuildOptions;
}

type Options = ReturnType<typeof buildOptions>;

class EsbuildAppBuilder implements AppBuilder {
  readonly #context: BuildContext<Options>;
  readonly #cwd: string;

  constructor(context: BuildContext<Options>, cwd: string) {
    this.#context = context;
    this.#cwd = cwd;
  }

  async build(): Promise<Build> {
    const result = await this.#context.rebuild().catch((error: unknown) => {
      throw buildFailed(error, this.#cwd);
    });
    const output = result.outputFiles[0];
    if (!output) throw new AppError('APP_BUILD_FAILED', 'The app builds to nothing');
    await writeWhole(output.path, output.contents);
    const inputs = Object.keys(result.metafile.inputs).map((input) => resolve(this.#cwd, input));
    return { file: output.path, inputs };
  }

  async dispose(): Promise<void> {
    await this.#context.dispose();
  }
}

/**
 * A builder for an app's module: TypeScript is bundled with esbuild, JavaScript is used as it is.
 * @throws AppError `APP_BUILD_FAILED` when esbuild is needed and missing.
 */
export async function createAppBuilder(request: BuildRequest): Promise<AppBuilder> {
  const { cwd, app } = request;
  if (!TYPESCRIPT.has(extname(app))) {
    return { build: async () => ({ file: app, inputs: [app] }), dispose: async () => undefined };
  }
  const { context } = await loadEsbuild(cwd, app);
  return new EsbuildAppBuilder(await context(buildOptions(request)), cwd);
}
