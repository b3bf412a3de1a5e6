import pg from 'pg';
import type { PrismaClient } from './generated/client.js';
import type { DriverQuery, PrismaWork, SendQuery } from './session.js';

/** Takes an error through Prisma, which would put what has a `code` into an error of its own. */
class CarriedError extends Error {
  constructor(readonly carried: unknown) {
    super('The database refused a query of Prisma');
  }
}

/** A pool in form only: Prisma's adapter sends its queries to it, and they go where `send` says. */
class ForwardingPool extends pg.Pool {
  constructor(send: SendQuery) {
    super({ max: 1 });
    this.query = (async (query: DriverQuery) => {
      try {
        return await send(query);
      } catch (error) {
        throw new CarriedError(error);
      }
    }) as typeof this.query;
  }
}

type Loaded = {
  readonly generated: typeof import('./generated/client.js');
  readonly PrismaPg: typeof import('@prisma/adapter-pg').PrismaPg;
};

let loading: Promise<Loaded> | undefined;

/** Prisma weighs more than everything else here together: it is loaded by the first call that needs it. */
function load(): Promise<Loaded> {
  loading ??= Promise.all([import('./generated/client.js'), import('@prisma/adapter-pg')]).then(
    ([generated, { PrismaPg }]) => ({ generated, PrismaPg }),
  );
  return loading;
}

/** A generated client over `send`, made on first use. */
export class PrismaHandle {
  readonly #send: SendQuery;
  #client: PrismaClient | undefined;

  constructor(send: SendQuery) {
    this.#send = send;
  }

  async use<T>(work: PrismaWork<T>): Promise<T> {
    const { generated, PrismaPg } = await load();
    this.#client ??= new generated.PrismaClient({
      adapter: new PrismaPg(new ForwardingPool(this.#send)),
      errorFormat: 'minimal',
    });
    try {
      return await work(this.#client, generated.Prisma);
    } catch (error) {
      throw error instanceof CarriedError ? error.carried : error;
    }
  }
}
