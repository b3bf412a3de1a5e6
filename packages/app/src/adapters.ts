import type { Encryptor, HttpClient, Logger, Persistence, Platform, Queue } from '@tenon/core';

/** What an app is built on: one adapter for every port. */
export interface Adapters {
  readonly platform: Platform;
  readonly persistence: Persistence;
  readonly queue: Queue;
  readonly http: HttpClient;
  readonly encryptor: Encryptor;
  readonly logger: Logger;
}
