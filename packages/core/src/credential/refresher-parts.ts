import type { EventBus } from '../event/event-bus.js';
import type { Clock } from '../platform/clock.port.js';
import type { Crypto } from '../platform/crypto.port.js';
import type { HttpClient } from '../platform/http-client.port.js';
import type { Logger } from '../platform/logger.port.js';
import type { Persistence } from '../platform/persistence.port.js';

/** Times of a refresh, in milliseconds. */
export interface RefreshTimes {
  /** Time for one token request. */
  readonly tokenTimeoutMs: number;
  /** After the token request's time, how much longer an attempt without known outcome counts as under way. */
  readonly attemptGraceMs: number;
  /** Time of the lease; longer than the token request. */
  readonly leaseMs: number;
}

/** What refreshing needs. */
export interface RefresherParts {
  readonly persistence: Pick<Persistence, 'credentials' | 'connections' | 'leases' | 'transaction'>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly crypto: Pick<Crypto, 'base64' | 'randomToken'>;
  readonly events: EventBus;
  readonly logger: Logger;
  readonly random: () => number;
  readonly times: RefreshTimes;
}
