import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../cli.errors.js';

/** Where an app's module is looked for, in this order. */
export const APP_PATHS = ['src/app.ts', 'src/app.js', 'app.ts', 'dist/app.js'] as const;

/**
 * The absolute path of the app's module: `given`, or the first of {@link APP_PATHS} that exists.
 * @throws AppError `APP_NOT_FOUND`.
 */
export function findApp(cwd: string, given: string | null): string {
  if (given !== null) {
    const path = resolve(cwd, given);
    if (existsSync(path)) return path;
    throw new AppError('APP_NOT_FOUND', `There is no ${given} in ${cwd}`);
  }
  const found = APP_PATHS.map((path) => resolve(cwd, path)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new AppError(
    'APP_NOT_FOUND',
    `No app found in ${cwd}: looked for ${APP_PATHS.join(', ')}; name its module with --app PATH`,
  );
}
