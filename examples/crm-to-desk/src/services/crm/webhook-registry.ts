import { randomUUID } from 'node:crypto';

import { notFound, unprocessable } from '../http/service-error.js';
import { newWebhookSecret } from './webhook-signature.js';

/** What a webhook can be told about. */
export const WEBHOOK_EVENTS = ['contact.updated'] as const;

/** One address that wants to be told about events. */
export interface WebhookSubscription {
  readonly id: string;
  readonly owner: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly secret: string;
  readonly createdAt: string;
}

/** Knows who wants to be told about what. */
export class WebhookRegistry {
  readonly #subscriptions = new Map<string, WebhookSubscription>();

  /**
   * Adds a subscription of an account.
   * @throws ServiceError 422 when the address or an event is not usable.
   */
  add(owner: string, input: Record<string, unknown>): WebhookSubscription {
    const subscription: WebhookSubscription = {
      id: `wh_${randomUUID()}`,
      owner,
      url: readUrl(input['url']),
      events: readEvents(input['events']),
      secret: newWebhookSecret(),
      createdAt: new Date().toISOString(),
    };
    this.#subscriptions.set(subscription.id, subscription);
    return subscription;
  }

  /**
   * Removes a subscription.
   * @throws ServiceError 404 when the account has no such subscription.
   */
  remove(owner: string, id: string): void {
    if (this.#subscriptions.get(id)?.owner !== owner) throw notFound(`There is no webhook ${id}.`);
    this.#subscriptions.delete(id);
  }

  list(owner: string): WebhookSubscription[] {
    return [...this.#subscriptions.values()].filter((subscription) => subscription.owner === owner);
  }

  listeningTo(event: string): WebhookSubscription[] {
    return [...this.#subscriptions.values()].filter(({ events }) => events.includes(event));
  }

  has(id: string): boolean {
    return this.#subscriptions.has(id);
  }

  get size(): number {
    return this.#subscriptions.size;
  }
}

function readUrl(value: unknown): string {
  if (
    typeof value === 'string' &&
    URL.canParse(value) &&
    /^https?:$/.test(new URL(value).protocol)
  ) {
    return value;
  }
  throw unprocessable('invalid_url', 'url must be an http or https address.');
}

function readEvents(value: unknown): string[] {
  const known: readonly unknown[] = WEBHOOK_EVENTS;
  if (Array.isArray(value) && value.length > 0 && value.every((event) => known.includes(event))) {
    return value.map(String);
  }
  throw unprocessable('invalid_events', `events must be a list of: ${WEBHOOK_EVENTS.join(', ')}.`);
}
