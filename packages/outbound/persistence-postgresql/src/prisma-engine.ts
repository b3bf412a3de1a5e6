import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { CarriedError } from './carried-error.js';
import { Prisma, PrismaClient } from './generated/client.js';
import type { DriverQuery, SendQuery } from './session.js';

export { Prisma };

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

/** A generated client whose queries go where `send` says. */
export function createPrismaClient(send: SendQuery): PrismaClient {
  return new PrismaClient({
    adapter: new PrismaPg(new ForwardingPool(send)),
    errorFormat: 'minimal',
  });
}
