import type { HttpClient, Persistence, Queue, Repositories } from '@tenon/core';
import type { Adapters } from './adapters.js';

/** A moment beside one operation of a port: `inbox.claim:before`, and which time it comes, from 1. */
export interface CrashPoint {
  readonly label: string;
  readonly occurrence: number;
}

/** Told of every moment, in order. */
export type OnPoint = (label: string) => void;

/** Dies like a process that somebody killed: nothing is flushed, closed or given back. */
export function killAt(point: CrashPoint | null, tell: OnPoint): OnPoint {
  let passed = 0;
  return (label) => {
    tell(label);
    if (label !== point?.label) return;
    passed += 1;
    if (passed === point.occurrence) process.kill(process.pid, 'SIGKILL');
  };
}

/** Polling is no step of a job: only what it finds is. */
const POLLS = new Set(['queue.receive', 'outbox.take']);
/** The end of a process that ends well. */
const CLOSING = 'close';

function isEmpty(result: unknown): boolean {
  return Array.isArray(result) && result.length === 0;
}

/** Tells of every method of an object, before it begins and after it ended. */
function watched<T extends object>(target: T, name: string, onPoint: OnPoint): T {
  return new Proxy(target, {
    get(_, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function' || property === CLOSING) {
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      }
      const label = `${name}.${String(property)}`;
      return async (...args: unknown[]): Promise<unknown> => {
        const isPoll = POLLS.has(label);
        if (!isPoll) onPoint(`${label}:before`);
        const result: unknown = await Reflect.apply(member, target, args);
        if (!isPoll || !isEmpty(result)) onPoint(`${label}:after`);
        return result;
      };
    },
  });
}

function watchedRepositories<T extends Repositories>(repositories: T, onPoint: OnPoint): T {
  return new Proxy(repositories, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member === 'function') return member.bind(target) as unknown;
      if (typeof member !== 'object' || member === null || property === 'capabilities')
        return member;
      return watched(member, String(property), onPoint);
    },
  });
}

function watchedPersistence(persistence: Persistence, onPoint: OnPoint): Persistence {
  const transaction: Persistence['transaction'] = async (work) => {
    onPoint('transaction:before');
    const result = await persistence.transaction(async (repositories) => {
      const answer = await work(watchedRepositories(repositories, onPoint));
      onPoint('transaction:before-commit');
      return answer;
    });
    onPoint('transaction:after');
    return result;
  };
  const repositories = watchedRepositories(persistence, onPoint);
  return new Proxy(repositories, {
    get: (target, property) =>
      property === 'transaction' ? transaction : (Reflect.get(target, property) as unknown),
  });
}

function watchedHttp(http: HttpClient, onPoint: OnPoint): HttpClient {
  return watched(http, 'http', onPoint);
}

function watchedQueue(queue: Queue, onPoint: OnPoint): Queue {
  return watched(queue, 'queue', onPoint);
}

/** Real adapters that tell of everything that a worker does with them. */
export function watchedAdapters(adapters: Adapters, onPoint: OnPoint): Adapters {
  return {
    ...adapters,
    persistence: watchedPersistence(adapters.persistence, onPoint),
    http: watchedHttp(adapters.http, onPoint),
    queue: watchedQueue(adapters.queue, onPoint),
  };
}
