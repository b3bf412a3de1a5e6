import type { Queue, ReceivedMessage } from '@tenon/core';

const COPIES = 3;
const MAX_LATE_MS = 30;

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/**
 * Delivers every message of a queue three times at once, in disorder and a little late. Copies are acknowledged and given back like
 * the original, whose receipt they carry.
 */
export function unrulyQueue(queue: Queue, deliveries: { count: number }): Queue {
  const receive: Queue['receive'] = async (request) => {
    const messages = await queue.receive({ ...request, max: Math.min(request.max, 3) });
    const copies = messages.flatMap((message): ReceivedMessage[] =>
      Array.from({ length: COPIES }, () => ({ ...message })),
    );
    deliveries.count += copies.length;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_LATE_MS));
    return shuffled(copies);
  };
  return {
    capabilities: queue.capabilities,
    receive,
    send: (name, messages) => queue.send(name, shuffled(messages)),
    acknowledge: (name, messages) => queue.acknowledge(name, messages),
    release: (name, messages, delayMs) => queue.release(name, messages, delayMs),
    extend: (name, messages, visibilityMs) => queue.extend(name, messages, visibilityMs),
    status: () => queue.status(),
    close: () => queue.close(),
  };
}
