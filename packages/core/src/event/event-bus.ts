import type { Clock } from '../platform/clock.port.js';
import type { IdGenerator } from '../platform/id-generator.port.js';
import type { Logger } from '../platform/logger.port.js';
import type { TenantId } from '../tenant/tenant.js';
import type { DomainEvent, DomainEventData, DomainEventType } from './domain-event.js';

/** Hears events of one type, or of all with `*`. */
export type EventListener<Type extends DomainEventType = DomainEventType> = (
  event: DomainEvent<Type>,
) => void | Promise<void>;

/** What features publish to. Delivery is within the process and after the fact: a listener's failure is logged, never thrown. */
export class EventBus {
  readonly #listeners = new Map<DomainEventType | '*', Set<EventListener>>();

  constructor(
    private readonly parts: {
      readonly clock: Clock;
      readonly ids: IdGenerator;
      readonly logger: Logger;
    },
  ) {}

  /** Registers a listener; call the answer to remove it. */
  subscribe<Type extends DomainEventType>(type: Type, listener: EventListener<Type>): () => void;
  subscribe(type: '*', listener: EventListener): () => void;
  subscribe(
    type: DomainEventType | '*',
    listener: EventListener<never> | EventListener,
  ): () => void {
    const set = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, set);
    const entry = listener as EventListener;
    set.add(entry);
    return () => void set.delete(entry);
  }

  publish<Type extends DomainEventType>(
    tenantId: TenantId,
    type: Type,
    data: DomainEventData[Type],
  ): void {
    const listeners = [...(this.#listeners.get(type) ?? []), ...(this.#listeners.get('*') ?? [])];
    if (listeners.length === 0) return;
    const event: DomainEvent<Type> = {
      specversion: '1.0',
      id: this.parts.ids.next(),
      source: 'tenon',
      type,
      time: this.parts.clock.now().toISOString(),
      tenantid: tenantId,
      data,
    };
    for (const listener of listeners) void this.#deliver(listener, event);
  }

  async #deliver(listener: EventListener, event: DomainEvent): Promise<void> {
    try {
      await listener(event);
    } catch (error) {
      this.parts.logger.error('A listener of a domain event failed', { event: event.type, error });
    }
  }
}
