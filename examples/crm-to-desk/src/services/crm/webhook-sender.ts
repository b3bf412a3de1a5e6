import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { WebhookRegistry, WebhookSubscription } from './webhook-registry.js';
import { signedHeaders } from './webhook-signature.js';

const KEPT_DELIVERIES = 1000;
const ATTEMPT_TIMEOUT_MS = 5000;

/** One message on its way to one subscriber. */
export interface WebhookDelivery {
  /** The message's id, the same on every try and on a duplicate. */
  readonly id: string;
  readonly subscriptionId: string;
  state: 'pending' | 'delivered' | 'failed';
  /** The status of each try; 0 when there was no answer. */
  readonly attempts: number[];
}

export interface WebhookStatistics {
  published: number;
  delivered: number;
  failed: number;
  duplicated: number;
  attempts: number;
  pending: number;
  subscriptions: number;
}

interface Message {
  readonly delivery: WebhookDelivery;
  readonly subscription: WebhookSubscription;
  readonly body: string;
}

/** Tells subscribers about events, at least once, with retries. */
export class WebhookSender {
  readonly #registry: WebhookRegistry;
  readonly #retry: { attempts: number; backoffMs: number };
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #kept: Message[] = [];
  readonly #counts = { published: 0, delivered: 0, failed: 0, duplicated: 0, attempts: 0 };

  constructor(registry: WebhookRegistry, retry: { attempts: number; backoffMs: number }) {
    this.#registry = registry;
    this.#retry = retry;
  }

  /** Starts to tell every subscriber of an event; does not wait for them. */
  publish(type: string, data: unknown): void {
    const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
    for (const subscription of this.#registry.listeningTo(type)) {
      this.#counts.published += 1;
      this.#start({ id: `msg_${randomUUID()}`, subscription, body });
    }
  }

  /** Sends the last message once more under the same id; undefined when there was none. */
  duplicateLast(): WebhookDelivery | undefined {
    const last = this.#kept.at(-1);
    if (last === undefined) return undefined;
    this.#counts.duplicated += 1;
    const { subscription, body } = last;
    return this.#start({ id: last.delivery.id, subscription, body });
  }

  /** The last deliveries, oldest first. */
  deliveries(): readonly WebhookDelivery[] {
    return this.#kept.map(({ delivery }) => delivery);
  }

  statistics(): WebhookStatistics {
    const pending = this.#running.size;
    return { ...this.#counts, pending, subscriptions: this.#registry.size };
  }

  /** Gives up what is under way and waits until nothing runs. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  #start(message: {
    id: string;
    subscription: WebhookSubscription;
    body: string;
  }): WebhookDelivery {
    const { id, subscription, body } = message;
    const delivery: WebhookDelivery = {
      id,
      subscriptionId: subscription.id,
      state: 'pending',
      attempts: [],
    };
    const sent = { delivery, subscription, body };
    this.#kept.push(sent);
    if (this.#kept.length > KEPT_DELIVERIES) this.#kept.shift();
    const run = this.#deliver(sent).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return delivery;
  }

  async #deliver(message: Message): Promise<void> {
    const { delivery, subscription } = message;
    for (let attempt = 1; attempt <= this.#retry.attempts; attempt += 1) {
      const status = await this.#attempt(message);
      delivery.attempts.push(status);
      if (status >= 200 && status < 300) {
        delivery.state = 'delivered';
        this.#counts.delivered += 1;
        return;
      }
      if (attempt < this.#retry.attempts) await this.#pause(attempt);
      if (this.#stop.signal.aborted || !this.#registry.has(subscription.id)) break;
    }
    delivery.state = 'failed';
    this.#counts.failed += 1;
  }

  async #attempt({ delivery, subscription, body }: Message): Promise<number> {
    this.#counts.attempts += 1;
    try {
      const response = await fetch(subscription.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...signedHeaders(subscription.secret, { id: delivery.id, body }),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 0;
    }
  }

  async #pause(attempt: number): Promise<void> {
    const ms = this.#retry.backoffMs * 2 ** (attempt - 1);
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
