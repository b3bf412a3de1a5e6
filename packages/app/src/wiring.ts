import type { ApiClientFactory, AuditTrail, EventBus, Registry } from '@tenon/core';
import type { Adapters } from './adapters.js';
import type { ValidSettings } from './settings.js';
import type { Sockets } from './sockets.js';

/** What every feature is wired from. */
export interface Wiring {
  readonly adapters: Adapters;
  readonly settings: ValidSettings;
  readonly registry: Registry;
  readonly events: EventBus;
  readonly clients: ApiClientFactory;
  readonly sockets: Sockets;
  /** What is done is entered there, see `AuditTrail.record`. Commands are entered by `auditedCommands`. */
  readonly audit: AuditTrail;
}
