import { randomUUID } from 'node:crypto';
import type { Logger } from '@tenon/core';
import { transactionEnded } from './database.errors.js';
import type { StoredDocument } from './document.js';
import type {
  CollectionWork,
  DriverCollection,
  Session,
  StatementOptions,
  Touched,
  Traces,
  WritingWork,
} from './session.js';
import { undo, type UndoEntry } from './undo-log.js';

const ignore = (): void => undefined;

/** Field with the statement that wrote a document last. */
const MARK = '_written';
const ATTEMPTS = 50;

/** Where a statement writes. */
interface Place {
  readonly collection: DriverCollection;
  readonly options: StatementOptions;
  readonly table: string;
  readonly touched: Touched;
}

const byId = (documents: readonly StoredDocument[]): Map<string, StoredDocument> =>
  new Map(documents.map((document) => [document._id, document]));

async function documentsBefore({
  collection,
  options,
  touched,
}: Place): Promise<ReadonlyMap<string, StoredDocument>> {
  const { filter, ids = [] } = touched;
  const found = await collection.find(filter, options).toArray();
  const known =
    ids.length === 0 ? [] : await collection.find({ _id: { $in: [...ids] } }, options).toArray();
  return byId([...found, ...known]);
}

async function stillMatches({ collection, options, touched }: Place): Promise<boolean> {
  return (await collection.findOne(touched.filter, options)) !== null;
}

/**
 * What stands in for a transaction on a server that has none: statements take effect at once, and what they changed is noted,
 * so that it can be taken back when the work fails. Others see the changes meanwhile, and the end of the process leaves
 * them. See `docs/adr/0015-mongodb-documents-and-transactions.md`.
 */
export class UndoSession implements Session {
  readonly inTransaction = false;
  readonly #base: Pick<Session, 'read'>;
  readonly #entries: UndoEntry[] = [];
  #tail: Promise<unknown> = Promise.resolve();
  #open = true;

  constructor(base: Pick<Session, 'read'>) {
    this.#base = base;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#open) return Promise.reject(transactionEnded());
    const answer = this.#tail.then(work);
    this.#tail = answer.catch(ignore);
    return answer;
  }

  read<T>(table: string, work: CollectionWork<T>): Promise<T> {
    return this.#inTurn(() => this.#base.read(table, work));
  }

  write<T>(table: string, touched: Touched, work: WritingWork<T>): Promise<T> {
    return this.#inTurn(() =>
      this.#base.read(table, (collection, options) =>
        this.#noted({ collection, options, table, touched }, work),
      ),
    );
  }

  async #noted<T>(place: Place, work: WritingWork<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const before = await documentsBefore(place);
      const [only] = place.touched.single ? [...before.values()] : [];
      const guard = only?.['version'] === undefined ? {} : { version: only['version'] };
      const traces = { guard, mark: { [MARK]: randomUUID() } };
      try {
        const result = await work(place.collection, place.options, traces);
        const changed = await this.#note(place, before, traces);
        // Somebody was faster, and the statement did not see the version that was noted: once more.
        if (changed > 0 || !('version' in guard) || attempt >= ATTEMPTS) return result;
        if (!(await stillMatches(place))) return result;
      } catch (error) {
        // A statement on many rows may have written some.
        await this.#note(place, before, traces);
        throw error;
      }
    }
  }

  /** Notes what carries the mark, and what is gone. How many documents. */
  async #note(
    { collection, options, table, touched }: Place,
    before: ReadonlyMap<string, StoredDocument>,
    { mark }: Traces,
  ): Promise<number> {
    const ids = [...new Set([...before.keys(), ...(touched.ids ?? [])])];
    const now = byId(await collection.find({ _id: { $in: ids } }, options).toArray());
    const entries = ids.map((id) => ({
      ...{ table, id },
      before: before.get(id) ?? null,
      after: now.get(id) ?? null,
    }));
    const ours = entries.filter(({ before: known, after }) =>
      after === null ? known !== null : after[MARK] === mark[MARK],
    );
    this.#entries.push(...ours);
    return ours.length;
  }

  together<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return work(this);
  }

  wholly<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return work(this);
  }

  /** Lets nothing more in and waits for what is under way. */
  async end(): Promise<void> {
    this.#open = false;
    await this.#tail;
  }

  /** Takes everything back, the last change first, as far as the server lets it. */
  async rollback(logger: Logger | undefined): Promise<void> {
    for (const entry of this.#entries.reverse()) {
      try {
        await this.#base.read(entry.table, (collection, options) =>
          undo(entry, collection, options),
        );
      } catch {
        logger?.error('A change of failed work could not be taken back', {
          table: entry.table,
          id: entry.id,
        });
      }
    }
  }
}

/** Runs `work` and takes its changes back when it fails. */
export async function runWithUndo<T>(
  base: Pick<Session, 'read'>,
  logger: Logger | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = new UndoSession(base);
  try {
    const result = await work(session);
    await session.end();
    return result;
  } catch (error) {
    await session.end();
    await session.rollback(logger);
    throw error;
  }
}
