import type { App } from '@tenon/app';
import type { Environment } from '@tenon/core';
import { awsSecrets } from '@tenon/secrets-aws';
import { app } from '../app.js';

const secretId = process.env['APP_SECRET_ID'];

/** The values of the secret that the functions share; none when `APP_SECRET_ID` names no secret. */
export const readSecrets = secretId === undefined ? async () => ({}) : awsSecrets({ secretId });

/** What the functions run with: their variables, then the secret's values. */
export async function readEnvironment(): Promise<Environment> {
  return { ...process.env, ...(await readSecrets()) };
}

let loading: Promise<App> | null = null;

/** The app, wired once per process. */
export function load(): Promise<App> {
  loading ??= readEnvironment()
    .then((environment) => app.load(environment))
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}
