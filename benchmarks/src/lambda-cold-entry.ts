import { createHttpHandler } from '@tenon/lambda';
import { createRouteApp } from './lambda-route-app.js';

/** A bundled API function as a deployment has it: Express, thirty routes. */
export const handler = createHttpHandler({ name: 'api', app: createRouteApp });
