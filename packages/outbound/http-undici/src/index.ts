export { createUndiciHttpClient } from './create-undici-http-client.js';
export type { UndiciHttpClientOptions } from './create-undici-http-client.js';
export type { EgressOptions } from './egress-policy.js';
export { UndiciHttpClient } from './undici-http-client.js';
