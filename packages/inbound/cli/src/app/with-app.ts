import type { Environment, OpenApp } from '@tenon/core';
import type { Io } from '../io.js';
import { loadApp } from './load-app.js';
import type { LoadedApp } from './load-app.js';
import { localEnvironment } from './local-environment.js';

/** Opens an app, works with it, and closes it whatever happens. @throws what `open` throws. */
export async function withOpenApp<T>(
  { app }: Pick<LoadedApp, 'app'>,
  environment: Environment,
  work: (app: OpenApp) => Promise<T>,
): Promise<T> {
  const opened = await app.open({ TENON_LOG_LEVEL: 'warn', ...environment });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Loads and opens the project's app, works with it, and closes it whatever happens. @throws what `loadApp` and `open` throw. */
export async function withApp<T>(
  io: Io,
  given: string | null,
  work: (app: OpenApp) => Promise<T>,
): Promise<T> {
  const loaded = await loadApp(io, given);
  return withOpenApp(loaded, localEnvironment(io, loaded.environment).environment, work);
}
