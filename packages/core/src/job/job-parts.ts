import type { ApiClientFactory } from '../credential/api-client-factory.port.js';
import type { EventBus } from '../event/event-bus.js';
import type { Persistence } from '../platform/persistence.port.js';
import type { Platform } from '../platform/platform.port.js';
import type { Queue } from '../platform/queue.port.js';
import type { Registry } from '../app/registry.js';
import type { Scheduler } from '../schedule/scheduler.port.js';
import type { WebhookEndpointId } from '../webhook/webhook-endpoint.js';
import type { SocketPublisher } from '../websocket/socket-publisher.js';
import type { JobSettings } from './job-settings.js';

/** What putting jobs on queues needs. */
export interface DispatchParts {
  readonly persistence: Persistence;
  readonly queue: Queue;
  readonly platform: Platform;
  readonly settings: JobSettings;
}

/** What running the handlers of integrations needs. */
export interface JobParts extends DispatchParts {
  readonly registry: Registry;
  readonly apiClients: ApiClientFactory;
  readonly events: EventBus;
  readonly sockets: SocketPublisher;
  /** Keeps timers of stored schedules. Without one, the tick alone starts them. */
  readonly scheduler?: Scheduler | undefined;
  /** The public address of a webhook endpoint. */
  readonly webhookUrl: (endpointId: WebhookEndpointId) => string;
}
