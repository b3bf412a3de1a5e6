import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import type { AppDefinition, Environment } from '@tenon/core';
import type { Io } from '../io.js';
import { createAppBuilder } from './app-builder.js';
import { readEnvironment } from './environment.js';
import { findApp } from './find-app.js';
import { importApp } from './import-app.js';

/** An app in this process, with the environment it is to be run in. */
export interface LoadedApp {
  readonly app: AppDefinition;
  readonly environment: Environment;
  /** Path of its module, from the project's folder. */
  readonly source: string;
}

/**
 * Loads the project's app into this process.
 * @throws AppError `APP_NOT_FOUND`, `APP_BUILD_FAILED`, `APP_LOAD_FAILED`, `APP_INVALID`.
 */
export async function loadApp(io: Io, given: string | null): Promise<LoadedApp> {
  const path = findApp(io.cwd, given);
  const source = relative(io.cwd, path);
  const environment = readEnvironment(io);
  // Definitions read `process.env` while they load.
  io.setEnvironment(environment);
  const builder = await createAppBuilder({ cwd: io.cwd, app: path, name: `app-${process.pid}` });
  try {
    const { file } = await builder.build();
    try {
      return { app: await importApp({ file, source }), environment, source };
    } finally {
      if (file !== path) await rm(file, { force: true });
    }
  } finally {
    await builder.dispose();
  }
}
