import type { PrismaClient } from './generated/client.js';
import { CarriedError } from './carried-error.js';
import type { PrismaWork, SendQuery } from './session.js';

type Engine = typeof import('./prisma-engine.js');

let loading: Promise<Engine> | undefined;

/** Prisma weighs more than everything else here together: it is loaded by the first call that needs it. */
function load(): Promise<Engine> {
  return (loading ??= import('./prisma-engine.js'));
}

/** A generated client over `send`, made on first use. */
export class PrismaHandle {
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
