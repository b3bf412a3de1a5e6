import { fileURLToPath, pathToFileURL } from 'node:url';
import { relative } from 'node:path';
import { isTenonError } from '@tenon/core';
import type { AppDefinition } from '@tenon/core';
import { AppError } from '../cli.errors.js';

/** A module to import and what people call it. */
export interface AppModule {
  /** Absolute path of what Node can import. */
  readonly file: string;
  /** Path of the source, as the person gave it or sees it. */
  readonly source: string;
}

/** The place of the app's own code where an error came from, or nothing. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.find((line) => !/node:|node_modules/.test(line)) ?? '';
  const place = /((?:file:\/\/)?\/[^()]*?|[A-Z]:\\[^()]*?):(\d+):(\d+)\)?$/i.exec(own);
  if (!place?.[1]) return '';
  const path = place[1].startsWith('file://') ? fileURLToPath(place[1]) : place[1];
  return ` (${relative(process.cwd(), path)}:${place[2] ?? ''}:${place[3] ?? ''})`;
}

function loadFailed(source: string, error: unknown): AppError {
  const message = error instanceof Error ? error.message : String(error);
  const text = `${source} could not be loaded: ${message}${placeOf(error)}`;
  return new AppError('APP_LOAD_FAILED', text, error);
}

function isApp(value: unknown): value is AppDefinition {
  return (value as Partial<AppDefinition> | null | undefined)?.kind === 'tenon-app';
}

/**
 * Imports the value that an app's module exports as `app`.
 * @throws AppError `APP_LOAD_FAILED`, `APP_INVALID`; TenonErrors of wrong definitions as they are.
 */
export async function importApp({ file, source }: AppModule): Promise<AppDefinition> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw isTenonError(error) ? error : loadFailed(source, error);
  }
  const app = exported['app'];
  if (isApp(app)) return app;
  const found =
    app === undefined ? "exports no 'app'" : "exports an 'app' that defineApp did not make";
  throw new AppError(
    'APP_INVALID',
    `${source} ${found}; write: export const app = defineApp({ … }) with defineApp of @tenon/app`,
  );
}
