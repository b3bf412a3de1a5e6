import type { ClientSession, Collection } from 'mongodb';
import type { StoredDocument } from './document.js';
import type { DriverFilter } from './filter.js';

/** A collection of the driver. */
export type DriverCollection = Collection<StoredDocument>;

/** What goes along with every statement. */
export interface StatementOptions {
  readonly maxTimeMS: number;
  readonly session?: ClientSession;
}

/** Work on one collection; `options` must go with each of its statements. */
export type CollectionWork<T> = (
  collection: DriverCollection,
  options: StatementOptions,
) => Promise<T>;

/** What a writing statement touches: documents that match, and those that it may insert. */
export interface Touched {
  readonly filter: DriverFilter;
  readonly ids?: readonly string[];
  /** It changes one document, which the guard may narrow down to one version. */
  readonly single?: boolean;
}

/** What goes into a writing statement so that it can be taken back. Nothing, where the server does that. */
export interface Traces {
  /** One more condition. */
  readonly guard: DriverFilter;
  /** One more field to write. */
  readonly mark: Readonly<Record<string, string>>;
}

export const NO_TRACES: Traces = { guard: {}, mark: {} };

/** Work of a writing statement: it puts the traces into filter and update. */
export type WritingWork<T> = (
  collection: DriverCollection,
  options: StatementOptions,
  traces: Traces,
) => Promise<T>;

/**
 * What repositories work on: single statements, a transaction, or what stands in for one where the server has none. All
 * errors are translated.
 */
export interface Session {
  /** Whether a statement that the server refuses ends the transaction that is open. */
  readonly inTransaction: boolean;
  /** Statements that read. */
  read<T>(table: string, work: CollectionWork<T>): Promise<T>;
  /** One statement that writes. */
  write<T>(table: string, touched: Touched, work: WritingWork<T>): Promise<T>;
  /** Several statements that belong together: in the transaction that is open, or in one of their own. */
  together<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The same for statements that may be refused half way: what they wrote is taken back also where there are no transactions. */
  wholly<T>(work: (session: Session) => Promise<T>): Promise<T>;
}
