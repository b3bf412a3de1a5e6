import type { PrismaClient } from './generated/client.js';
import { CarriedError } from './carried-error.js';
import type { Scope } from './row-security/scope.js';
import type { PrismaWork, SendQuery } from './session.js';

type Engine = typeof import('./prisma-engine.js');

let loading: Promise<Engine> | undefined;

/** Prisma weighs more than everything else here together: it is loaded by the first call that needs it. */
function load(): Promise<Engine> {
  return (loading ??= import('./prisma-engine.js'));
}

/** A generated client over `send`, made on first use. */
class PrismaHandle {
  readonly #send: SendQuery;
  #client: PrismaClient | undefined;

  constructor(send: SendQuery) {
    this.#send = send;
  }

  async use<T>(work: PrismaWork<T>): Promise<T> {
    const engine = await load();
    this.#client ??= engine.createPrismaClient(this.#send);
    try {
      return await work(this.#client, engine.Prisma);
    } catch (error) {
      throw error instanceof CarriedError ? error.carried : error;
    }
  }
}

/** Sends one query, in a scope where there is one. */
type SendInScope = (
  query: Parameters<SendQuery>[0],
  scope: Scope | undefined,
) => ReturnType<SendQuery>;

/** A generated client that serves one call, and so one scope, at a time. */
class ScopedHandle {
  scope: Scope | undefined;
  readonly handle: PrismaHandle;

  constructor(send: SendInScope) {
    this.handle = new PrismaHandle((query) => send(query, this.scope));
  }
}

/** Generated clients over `send`: one that all share, and, where calls have scopes, as many as there are calls at once. */
export class PrismaHandles {
  readonly #send: SendInScope;
  readonly #shared: PrismaHandle;
  readonly #free: ScopedHandle[] = [];

  constructor(send: SendInScope) {
    this.#send = send;
    this.#shared = new PrismaHandle((query) => send(query, undefined));
  }

  async use<T>(work: PrismaWork<T>, scope: Scope | undefined): Promise<T> {
    if (scope === undefined) return this.#shared.use(work);
    const scoped = this.#free.pop() ?? new ScopedHandle(this.#send);
    scoped.scope = scope;
    try {
      return await scoped.handle.use(work);
    } finally {
      this.#free.push(scoped);
    }
  }
}
