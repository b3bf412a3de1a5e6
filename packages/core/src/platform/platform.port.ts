import type { Cron } from '../schedule/cron.port.js';
import type { Clock } from './clock.port.js';
import type { Crypto } from './crypto.port.js';
import type { IdGenerator } from './id-generator.port.js';

/** What the core needs of the machine it runs on. */
export interface Platform {
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly crypto: Crypto;
  readonly cron: Cron;
}
