import type {
  Encryptor,
  HttpClient,
  Logger,
  Persistence,
  Platform,
  Queue,
  Scheduler,
  SocketSender,
} from '@tenon/core';

/** What an app is built on: one adapter for every port. */
export interface Adapters {
  readonly platform: Platform;
  readonly persistence: Persistence;
  readonly queue: Queue;
  readonly http: HttpClient;
  readonly encryptor: Encryptor;
  /** Default: the tick looks for schedules that are due. */
  readonly scheduler?: Scheduler;
  readonly logger: Logger;
  /** The gateway that holds the connections of browsers, where this process is no server. Without one: `startService`. */
  readonly sockets?: SocketSender;
}
