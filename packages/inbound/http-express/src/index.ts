export { createApi } from './api.js';
export type { ApiOptions } from './api.js';
export { APP_KEY_HEADER, APP_USER_HEADER } from './authentication.js';
export { statusOf } from './error-status.js';
export { HEALTH_KEY_HEADER } from './health.router.js';
export { toJsonSchema } from './json-schema.js';
export type { Problem } from './problem.js';
