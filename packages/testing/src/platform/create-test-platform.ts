import { MisconfiguredError, rejectUnknownKeys } from '@tenon/core';
import type { Cron, Platform } from '@tenon/core';
import { TestClock } from './test-clock.js';
import type { TestClockOptions } from './test-clock.js';
import { testCrypto } from './test-crypto.js';
import { TestIds } from './test-ids.js';

/** Options of {@link createTestPlatform}. */
export interface TestPlatformOptions extends TestClockOptions {
  /** Makes the ids of this platform differ from those of others. */
  readonly seed?: string;
  /** For code that reads schedules. Without it every use throws. */
  readonly cron?: Cron;
}

/** A {@link Platform} whose time stands still. */
export interface TestPlatform extends Platform {
  readonly clock: TestClock;
  readonly ids: TestIds;
}

const noCron: Cron = {
  nextAfter(expression) {
    throw new MisconfiguredError(
      `createTestPlatform was given no cron, which is needed to read '${expression}'; pass one as 'cron'`,
    );
  },
};

/** A platform for tests: time moves by hand, ids repeat from run to run, cryptography is real. */
export function createTestPlatform(options: TestPlatformOptions = {}): TestPlatform {
  rejectUnknownKeys('createTestPlatform', options, ['start', 'autoAdvance', 'seed', 'cron']);
  const { seed, cron = noCron, ...clockOptions } = options;
  const clock = new TestClock(clockOptions);
  return { clock, ids: new TestIds(clock, seed), crypto: testCrypto, cron };
}
