import type { QueryArrayConfig, QueryConfig, QueryResult } from 'pg';
import type { Prisma, PrismaClient } from './generated/client.js';

/** SQL that is sent again and again; the name lets the server keep its plan. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** Makes a statement whose plan each connection keeps. */
export function prepared(name: string, text: string): Statement {
  return { name: `tenon.${name}`, text };
}

/** Work on the generated client. `Prisma` holds its constants. */
export type PrismaWork<T> = (client: PrismaClient, constants: typeof Prisma) => Promise<T>;

/**
 * What repositories work on: a pool, or one transaction. Statements and Prisma share connections, so both see the same rows.
 * All errors are translated.
 */
export interface Session {
  rows<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** The first row, or null. */
  row<Row>(statement: Statement, values: readonly unknown[]): Promise<Row | null>;
  /** How many rows were affected. */
  run(statement: Statement, values: readonly unknown[]): Promise<number>;
  /** Loads the generated client on first use. */
  prisma<T>(work: PrismaWork<T>): Promise<T>;
}

/** A query as the driver takes it. */
export type DriverQuery = QueryConfig | QueryArrayConfig;

/** Sends one query; throws errors of the house. */
export type SendQuery = (query: DriverQuery) => Promise<QueryResult>;
