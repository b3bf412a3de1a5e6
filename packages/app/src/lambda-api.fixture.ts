import { createHttpHandler } from '@tenon/lambda';
import { load } from './lambda-app.fixture.js';

export const handler = createHttpHandler({ app: async () => (await load()).api() });
