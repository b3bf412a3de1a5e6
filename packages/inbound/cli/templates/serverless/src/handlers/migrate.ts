import { createHandler } from '@tenon/lambda';
import { app } from '../app.js';
import { readEnvironment } from './load.js';

/** Called once per release, before the other functions change. */
export const handler = createHandler({
  name: 'migrate',
  method: async () => ({ applied: await app.deployMigrations(await readEnvironment()) }),
});
