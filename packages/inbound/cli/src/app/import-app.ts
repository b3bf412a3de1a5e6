import { pathToFileURL } from 'node:url';
import { isTenonError, TenonError } from '@tenon/core';
import type { AppDefinition } from '@tenon/core';
import { AppError } from '../cli.errors.js';
import { codeFrame } from '../text/code-frame.js';
import { placeName, sourcePlace } from '../text/source-place.js';

/** A module to import and what people call it. */
export interface AppModule {
  /** Absolute path of what Node can import. */
  readonly file: string;
  /** Path of the source, as the person gave it or sees it. */
  readonly source: string;
}

/** The place as text, and the code there. */
function placeText(error: unknown): { readonly at: string; readonly frame: string } {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = sourcePlace(stack, process.cwd());
  if (!place) return { at: '', frame: '' };
  const frame = codeFrame(place);
  const at = ` (${placeName(place, process.cwd())})`;
  return { at, frame: frame === '' ? '' : `\n${frame}\n ` };
}

function loadFailed(source: string, error: unknown): TenonError {
  const message = error instanceof Error ? error.message : String(error);
  const { at, frame } = placeText(error);
  if (!isTenonError(error)) {
    const text = `${source} could not be loaded: ${message}${at}${frame}`;
    return new AppError('APP_LOAD_FAILED', text, error);
  }
  const { code, category } = error;
  return new TenonError({ code, category, message: `${message}${at}${frame}`, cause: error });
}

function isApp(value: unknown): value is AppDefinition {
  return (value as Partial<AppDefinition> | null | undefined)?.kind === 'tenon-app';
}

/**
 * Imports the value that an app's module exports as `app`.
 * @throws AppError `APP_LOAD_FAILED`, `APP_INVALID`; TenonErrors of wrong definitions with their place.
 */
export async function importApp({ file, source }: AppModule): Promise<AppDefinition> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw loadFailed(source, error);
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

/** What is wrong with the definitions of an app, found without opening it. @throws what they throw, with its place. */
export function checkDefinitions(app: AppDefinition, { source }: AppModule): void {
  try {
    app.describe(process.env);
  } catch (error) {
    throw loadFailed(source, error);
  }
}
