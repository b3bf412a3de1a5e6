import type { Persistence } from '../platform/persistence.port.js';
import type { Queue } from '../platform/queue.port.js';

/** Where a process dies: as seen from outside, it simply never goes on. */
export type Death = 'before-commit' | 'after-commit' | 'before-send' | 'after-send';

class Rollback extends Error {}

/** A process that can be told to die at its next commit or send. What it awaits then never ends. */
export class Mortal {
  #plan: Death | null = null;
  #died: () => void = () => undefined;

  /** Resolves when the process died. */
  plan(death: Death): Promise<void> {
    this.#plan = death;
    return new Promise((resolve) => (this.#died = resolve));
  }

  live(): void {
    this.#plan = null;
  }

  #die(): Promise<never> {
    this.#plan = null;
    this.#died();
    return new Promise(() => undefined);
  }

  persistence = (inner: Persistence): Persistence => ({
    ...inner,
    transaction: async (work) => {
      if (this.#plan === 'before-commit') {
        await inner
          .transaction(async (repositories) => {
            await work(repositories);
            throw new Rollback();
          })
          .catch((error: unknown) => {
            if (!(error instanceof Rollback)) throw error;
          });
        return this.#die();
      }
      const result = await inner.transaction(work);
      return this.#plan === 'after-commit' ? this.#die() : result;
    },
  });

  queue = (inner: Queue): Queue =>
    new Proxy(inner, {
      get: (target, name) => {
        if (name === 'send') return this.#send(target);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });

  #send(inner: Queue): Queue['send'] {
    return async (queue, messages) => {
      if (this.#plan === 'before-send') return this.#die();
      await inner.send(queue, messages);
      if (this.#plan === 'after-send') return this.#die();
    };
  }
}
