import type { Queue, ReceivedMessage } from '@tenon/core';
import { testApi } from './test-api.js';
import type { TestApi } from './test-api.js';
import type { Skips } from './suite.js';

/** Logical names of the queues that a test needs; nobody else uses them. */
export interface QueueNames {
  readonly standard: string;
  /** Ends in `.fifo`. */
  readonly fifo: string;
}

/** A queue under test. */
export interface QueueUnderTest {
  readonly queue: Queue;
  /** Lets time pass. Default: it really passes. */
  wait?(ms: number): Promise<void>;
  /** Frees what the test made besides the queue, which is closed first. */
  close?(): Promise<void>;
}

/** What one test of the queue contract works with. */
export interface QueueTest extends QueueNames {
  readonly queue: Queue;
  wait(ms: number): Promise<void>;
  /** Receives until nothing comes, at most `max` at once; hides for a minute. */
  drain(queue: string, max?: number): Promise<ReceivedMessage[]>;
}

/** What a part of the queue contract needs to state its tests. */
export interface QueueSuite extends Pick<TestApi, 'describe' | 'expect'> {
  it(name: string, work: (test: QueueTest) => Promise<void>): void;
}

/** How to make a queue, and what to leave out. */
export interface QueueContractOptions {
  /** Called for each test, with names that were not used before. */
  readonly make: (names: QueueNames) => Promise<QueueUnderTest>;
  readonly skip?: Skips;
  /** Tests that fail because of what the queue under test stands on, with the reason. They must fail: a gap that closed is told. */
  readonly gaps?: Skips;
}

/** Receives at once; hides for a minute unless told. */
export function receiveNow(
  queue: Queue,
  name: string,
  options: { readonly max?: number; readonly visibilityMs?: number } = {},
): Promise<readonly ReceivedMessage[]> {
  const { max = 10, visibilityMs = 60_000 } = options;
  return queue.receive({ queue: name, max, waitMs: 0, visibilityMs });
}

async function drain(queue: Queue, name: string, max = 10): Promise<ReceivedMessage[]> {
  const all: ReceivedMessage[] = [];
  for (let empty = 0; empty < 2;) {
    const found = await receiveNow(queue, name, { max });
    all.push(...found);
    empty = found.length === 0 ? empty + 1 : 0;
  }
  return all;
}

/** The functions with which parts state their tests; each test makes a queue of its own. */
export function queueSuite({ make, skip = {}, gaps = {} }: QueueContractOptions): QueueSuite {
  const { describe, it, expect } = testApi();
  let count = 0;
  return {
    describe,
    expect,
    it(name, work) {
      const reason = skip[name];
      if (reason !== undefined) {
        it.skip(`${name} (${reason})`, () => undefined);
        return;
      }
      const gap = gaps[name];
      const run = async (): Promise<void> => {
        const suffix = `${Date.now().toString(36)}${(count += 1)}`;
        const names = { standard: `standard-${suffix}`, fifo: `ordered-${suffix}.fifo` };
        const made = await make(names);
        const wait = async (ms: number): Promise<void> => {
          if (made.wait) await made.wait(ms);
          else await new Promise((resolve) => setTimeout(resolve, ms));
        };
        const { queue } = made;
        try {
          await work({
            ...names,
            queue,
            wait,
            drain: (from, max) => drain(queue, from, max),
          });
        } finally {
          await queue.close();
          await made.close?.();
        }
      };
      if (gap === undefined) it(name, run);
      else it.failing(`${name} (known gap: ${gap})`, run);
    },
  };
}
