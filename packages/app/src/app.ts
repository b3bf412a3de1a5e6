import type { RequestListener } from 'node:http';
import type { Commands, EventBus, Registry, SocketSender } from '@tenon/core';
import type { Adapters } from './adapters.js';
import type { ValidSettings } from './settings.js';

/** Ways to browsers, for a process that holds their connections itself. */
export interface AppSockets {
  /** Sends through this sender what is for its connections; call the answer to end it. */
  add(sender: SocketSender): () => void;
  /** Tells browsers of runs and connections from now on. */
  startPush(): void;
}

/** An app: definitions and adapters, wired. Nothing runs until something is called. */
export interface App {
  readonly commands: Commands;
  readonly registry: Registry;
  readonly events: EventBus;
  readonly adapters: Adapters;
  readonly settings: ValidSettings;
  /** Logical names of the queues that the app's jobs use. */
  readonly queues: readonly string[];
  readonly sockets: AppSockets;
  /** The HTTP API as an Express application; made on first call. */
  api(): Promise<RequestListener>;
  /** Connects and checks the database. @throws what `persistence.prepare()` throws. */
  prepare(): Promise<void>;
  /** Closes all adapters. Idempotent. */
  close(): Promise<void>;
}
