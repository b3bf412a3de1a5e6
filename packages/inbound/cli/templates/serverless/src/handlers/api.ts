import { createHttpHandler } from '@tenon/lambda';
import { load } from './load.js';

/** The HTTP API, behind API Gateway, a function URL or a load balancer. */
export const handler = createHttpHandler({ app: async () => (await load()).api() });
