import { MisconfiguredError, silentLogger, validateOptions } from '@tenon/core';
import type { Clock, Commands, IdGenerator, Logger } from '@tenon/core';

/** Options of `startWebsockets`. */
export interface WebsocketOptions {
  readonly websockets: Commands['websockets'];
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** Default: `/ws`. */
  readonly path?: string;
  /** Between two pings of one connection; who did not answer the last one is cut. Default: 30,000. */
  readonly heartbeatMs?: number;
  /** How long a connection lives; the client connects anew, with a new ticket. Default: 2 hours, as at API Gateway. */
  readonly maxAgeMs?: number;
  /** How long the row of a connection lives after the process has died. Default: 300,000. */
  readonly ttlMs?: number;
  /** Between two looks for messages that other processes left; null for a process that is alone. Default: 1,000. */
  readonly collectEveryMs?: number | null;
  /** Bytes that may wait for a slow client before it is cut. Default: 1 MiB. */
  readonly maxBufferedBytes?: number;
  /** Messages of one client in a second, on the average of ten. Default: 10. */
  readonly messagesPerSecond?: number;
  /** Connections of this process. Default: 10,000. */
  readonly maxConnections?: number;
}

/** Options with all defaults filled in. */
export type ValidOptions = Required<WebsocketOptions>;

const BOUNDS = {
  heartbeatMs: [10, 3_600_000],
  maxAgeMs: [10, 86_400_000],
  ttlMs: [1_000, 86_400_000],
  maxBufferedBytes: [1_024, 2 ** 30],
  messagesPerSecond: [1, 10_000],
  maxConnections: [1, 1_000_000],
} as const;

/** @throws MisconfiguredError naming the option that is unknown, missing or out of bounds. */
export function validOptions(options: WebsocketOptions): ValidOptions {
  const valid = validateOptions<ValidOptions>('startWebsockets', options, {
    required: ['websockets', 'ids', 'clock'],
    defaults: {
      logger: silentLogger,
      path: '/ws',
      heartbeatMs: 30_000,
      maxAgeMs: 7_200_000,
      ttlMs: 300_000,
      collectEveryMs: 1_000,
      maxBufferedBytes: 1_048_576,
      messagesPerSecond: 10,
      maxConnections: 10_000,
    },
  });
  if (!valid.path.startsWith('/')) {
    throw new MisconfiguredError(`startWebsockets: path '${valid.path}' must begin with /`);
  }
  for (const [name, [minimum, maximum]] of Object.entries(BOUNDS)) {
    const value = valid[name as keyof typeof BOUNDS];
    if (value >= minimum && value <= maximum) continue;
    throw new MisconfiguredError(
      `startWebsockets: '${name}' must be a number from ${minimum} to ${maximum}`,
    );
  }
  return valid;
}
