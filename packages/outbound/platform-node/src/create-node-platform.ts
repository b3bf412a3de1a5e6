import { validateOptions } from '@tenon/core';
import type { Platform } from '@tenon/core';
import { CronerCron } from './croner-cron.js';
import { NodeCrypto, type NodeCryptoOptions } from './node-crypto.js';
import { SystemClock } from './system-clock.js';
import { UuidV7Generator } from './uuid-v7-generator.js';

/** Options of {@link createNodePlatform}. */
export type NodePlatformOptions = NodeCryptoOptions;

/**
 * What the core needs of Node: time, ids, cryptography and cron.
 *
 * @example
 * const platform = createNodePlatform({ scryptConcurrency: 4 });
 * const id = platform.ids.next();
 *
 * @throws MisconfiguredError for unknown options.
 */
export function createNodePlatform(options: NodePlatformOptions = {}): Platform {
  validateOptions<NodePlatformOptions>('createNodePlatform', options, {
    defaults: {},
    optional: ['scryptConcurrency', 'scryptMaxWaiting'],
  });
  return {
    clock: new SystemClock(),
    ids: new UuidV7Generator(),
    crypto: new NodeCrypto(options),
    cron: new CronerCron(),
  };
}
