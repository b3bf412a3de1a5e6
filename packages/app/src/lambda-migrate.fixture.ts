import { createHandler } from '@tenon/lambda';
import { app, readSecrets } from './lambda-app.fixture.js';

export const handler = createHandler({
  name: 'migrate',
  secrets: readSecrets,
  method: async (_event: unknown, { secrets }) => ({
    applied: await app.deployMigrations({ ...process.env, ...secrets }),
  }),
});
