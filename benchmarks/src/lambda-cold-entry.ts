import { createHttpHandler } from '@tenon/lambda';
import { app } from './lambda-app.js';

/** The API function of an app. */
export const handler = createHttpHandler({ app: async () => (await app.load()).api() });
