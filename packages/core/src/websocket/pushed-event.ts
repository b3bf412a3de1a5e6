import type { DomainEvent, DomainEventType } from '../event/domain-event.js';
import { connectionTopics, publicTopic } from './socket-topics.js';

/** An event that browsers hear of. */
export interface PushedEvent {
  readonly event: DomainEvent;
  /** Under their stored names. */
  readonly topics: readonly string[];
  /** A later event with the same key takes its place while it waits; null: it is told in any case. */
  readonly key: string | null;
}

function of<Type extends DomainEventType>(event: DomainEvent, type: Type): DomainEvent<Type> {
  return { ...event, type } as DomainEvent<Type>;
}

/** What of an event is told to whom; null for events that are no business of browsers. */
export function pushedEvent(event: DomainEvent): PushedEvent | null {
  switch (event.type) {
    case 'run.started':
    case 'run.finished':
    case 'run.progressed': {
      const { runId, installationId } = of(event, event.type).data;
      const key = event.type === 'run.progressed' ? `run:${runId}` : null;
      return { event, topics: [`runs/${runId}`, `installations/${installationId}`], key };
    }
    case 'connection.created':
    case 'connection.reauthorized':
    case 'connection.needs_reauthorization':
    case 'connection.deleted':
      return { event, topics: connectionTopics(of(event, event.type).data.userId), key: null };
    case 'installation.created':
    case 'installation.updated':
    case 'installation.deleted': {
      const { installationId } = of(event, event.type).data;
      return { event, topics: [`installations/${installationId}`], key: null };
    }
    default:
      return null;
  }
}

/** The message for a connection that hears some of the event's topics; null when it hears none. */
export function eventText({ event, topics }: PushedEvent, heard: readonly string[]): string | null {
  const matching = topics.filter((topic) => heard.includes(topic));
  if (matching.length === 0) return null;
  const { id, type, time, data } = event;
  return JSON.stringify({
    type: 'event',
    topics: [...new Set(matching.map(publicTopic))],
    event: { id, type, time, data },
  });
}
