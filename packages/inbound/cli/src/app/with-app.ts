import type { OpenApp } from '@tenon/core';
import type { Io } from '../io.js';
import { loadApp } from './load-app.js';

/** Loads and opens the project's app, works with it, and closes it whatever happens. @throws what `loadApp` and `open` throw. */
export async function withApp<T>(
  io: Io,
  given: string | null,
  work: (app: OpenApp) => Promise<T>,
): Promise<T> {
  const { app, environment } = await loadApp(io, given);
  const opened = await app.open({ TENON_LOG_LEVEL: 'warn', ...environment });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}
