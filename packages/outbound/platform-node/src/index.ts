export { createNodePlatform } from './create-node-platform.js';
export type { NodePlatformOptions } from './create-node-platform.js';
export { CronerCron } from './croner-cron.js';
export { NodeCrypto } from './node-crypto.js';
export type { NodeCryptoOptions } from './node-crypto.js';
export { SystemClock } from './system-clock.js';
export { UuidV7Generator } from './uuid-v7-generator.js';
