import { awsSecrets } from '@tenon/secrets-aws';
import type { App } from './app.js';
import { defineApp } from './define-app.js';
import { ordersIntegration } from './lambda-orders.fixture.js';

/** The app of the functions under test, as a project's `src/app.ts` has it. */
export const app = defineApp((environment) => ({
  integrations: [ordersIntegration(environment['SHOP_URL'] ?? '')],
}));

/** The values of the secret that the functions share. */
export const readSecrets = awsSecrets({ secretId: process.env['APP_SECRET_ID'] ?? '' });

let loading: Promise<App> | null = null;

/** The app, wired once per process with the environment and the secret's values. */
export function load(): Promise<App> {
  loading ??= readSecrets()
    .then((secrets) => app.load({ ...process.env, ...secrets }))
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}
