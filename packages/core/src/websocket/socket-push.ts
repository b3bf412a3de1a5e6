import type { EventBus } from '../event/event-bus.js';
import { AbortSource } from '../platform/abort-source.js';
import { CancelledError } from '../platform/common.errors.js';
import type { TenantId } from '../tenant/tenant.js';
import { eventText, pushedEvent } from './pushed-event.js';
import type { PushedEvent } from './pushed-event.js';
import { connectionPages, fanOut } from './socket-fan-out.js';
import type { SocketDelivery, SocketParts } from './socket-fan-out.js';

/** Between two messages about one run to one browser. */
export const PUSH_INTERVAL_MS = 1_000;
/** Events of one tenant that wait; with more of them they are told at once. */
const MAX_WAITING = 1_000;
const MAX_TENANTS = 1_000;

/** `timed`: by itself, within a second. `flushed`: when `flush` is called, where processes stand still between two calls. */
export type PushMode = 'timed' | 'flushed';

interface Outbox {
  waiting: PushedEvent[];
  lastMs: number;
  scheduled: boolean;
  /** The telling that is under way; the next one waits for it, so that a browser sees events in order. */
  telling: Promise<void>;
}

/**
 * Tells browsers what happens: progress of runs, states of connections, changes of installations. Events of one tenant are
 * told together, at most once a second; of the progress of a run, which says all there is, the last.
 */
export class SocketPush {
  readonly #outboxes = new Map<TenantId, Outbox>();
  readonly #stopping = new AbortSource();
  #mode: PushMode | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(private readonly parts: SocketParts & { readonly events: EventBus }) {}

  /** Begins to listen. Once more: changes the mode. */
  start(mode: PushMode): void {
    this.#mode = mode;
    this.#unsubscribe ??= this.parts.events.subscribe('*', (event) => {
      const pushed = pushedEvent(event);
      if (pushed) this.#add(event.tenantid, pushed);
    });
  }

  /** Whether events wait until `flush` is called. */
  get flushes(): boolean {
    return this.#mode === 'flushed';
  }

  /** Tells everything that waits, and waits for it. Never throws. */
  async flush(): Promise<void> {
    const busy = [...this.#outboxes].map(([tenantId, outbox]) => this.#tell(tenantId, outbox));
    await Promise.all(busy);
  }

  /** Stops to listen, and tells what waits. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#stopping.abort(new CancelledError());
    await this.flush();
  }

  #outboxOf(tenantId: TenantId): Outbox {
    const known = this.#outboxes.get(tenantId);
    if (known) return known;
    if (this.#outboxes.size >= MAX_TENANTS) this.#forgetIdle();
    const outbox: Outbox = {
      waiting: [],
      lastMs: -Infinity,
      scheduled: false,
      telling: Promise.resolve(),
    };
    this.#outboxes.set(tenantId, outbox);
    return outbox;
  }

  #forgetIdle(): void {
    for (const [tenantId, { waiting, scheduled }] of this.#outboxes) {
      if (waiting.length === 0 && !scheduled) this.#outboxes.delete(tenantId);
    }
  }

  #add(tenantId: TenantId, pushed: PushedEvent): void {
    const outbox = this.#outboxOf(tenantId);
    const { key } = pushed;
    if (key !== null) outbox.waiting = outbox.waiting.filter((each) => each.key !== key);
    outbox.waiting.push(pushed);
    if (outbox.waiting.length >= MAX_WAITING) void this.#tell(tenantId, outbox);
    else if (this.#mode === 'timed') this.#schedule(tenantId, outbox);
  }

  #schedule(tenantId: TenantId, outbox: Outbox): void {
    if (outbox.scheduled) return;
    outbox.scheduled = true;
    const { clock } = this.parts;
    const waitMs = Math.max(0, outbox.lastMs + PUSH_INTERVAL_MS - clock.monotonicMs());
    const pause = waitMs === 0 ? Promise.resolve() : clock.sleep(waitMs, this.#stopping);
    void pause
      .catch(() => undefined)
      .then(() => {
        outbox.scheduled = false;
        return this.#tell(tenantId, outbox);
      });
  }

  #tell(tenantId: TenantId, outbox: Outbox): Promise<void> {
    outbox.telling = outbox.telling.then(() => this.#tellNow(tenantId, outbox));
    return outbox.telling;
  }

  async #tellNow(tenantId: TenantId, outbox: Outbox): Promise<void> {
    if (outbox.waiting.length === 0) return;
    const events = outbox.waiting;
    outbox.waiting = [];
    outbox.lastMs = this.parts.clock.monotonicMs();
    try {
      for await (const page of connectionPages(this.parts, tenantId, {})) {
        const deliveries = page.flatMap((connection): SocketDelivery[] => {
          const heard = connection.topics;
          const texts = events.flatMap((pushed) => eventText(pushed, heard) ?? []);
          return texts.length > 0 ? [{ connection, texts }] : [];
        });
        await fanOut(this.parts, tenantId, deliveries);
      }
    } catch (error) {
      this.parts.logger.error('Events could not be told to browsers', { tenantId, error });
    }
  }
}
