/** Takes an error through Prisma, which would put what has a `code` into an error of its own. */
export class CarriedError extends Error {
  constructor(readonly carried: unknown) {
    super('The database refused a query of Prisma');
  }
}
