import type {
  ArchiveReadOptions,
  ArchiveReader,
  ArchiveRow,
  Encryptor,
  EntityName,
  TenantId,
} from '@tenon/core';
import type { PoolClient } from 'pg';
import { ArchiveRows, AS_TEXTS, type TextRow } from './archive-rows.js';
import { archiveStatements } from './archive.sql.js';
import type { PoolSession } from './pool-session.js';
import { SYSTEM_SETTING } from './row-security/scope.js';
import { TransactionSession } from './transaction-session.js';
import { areIds } from './values.js';

/** How much text of rows is fetched at once, about. */
const PAGE_CHARS = 80_000;
const FIRST_PAGE = 50;
const ignore = (): void => undefined;

// The sort before the first row of a large table takes its time, and so may whoever takes the rows.
// The policies of row-level security, where there are any, let it see all: it names the tenant itself.
const BEGIN = [
  'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  `SET LOCAL ${SYSTEM_SETTING} = 'on'`,
  'SET LOCAL statement_timeout = 0',
  'SET LOCAL idle_in_transaction_session_timeout = 0',
  'SET LOCAL jit = off',
];
const NO_TIMEOUT = { query_timeout: 2_147_483_647 };

/** Fetches pages of about the same size in characters, whatever the size of rows. */
class Pages {
  #size: number;

  constructor(
    private readonly session: TransactionSession,
    private readonly cursor: string,
    private readonly most: number,
  ) {
    this.#size = Math.min(FIRST_PAGE, most);
  }

  async next(): Promise<TextRow[]> {
    const text = `FETCH ${this.#size} FROM ${this.cursor}`;
    const { rows } = await this.session.send({ text, ...AS_TEXTS, ...NO_TIMEOUT });
    // Taken out of the answer: see below.
    const page = rows.splice(0) as unknown as TextRow[];
    let chars = 1;
    for (const row of page) for (const value of row) chars += value?.length ?? 0;
    const fitting = Math.floor((PAGE_CHARS * page.length) / chars);
    this.#size = Math.max(1, Math.min(this.most, fitting, this.#size * 8));
    return page;
  }
}

/** Reads a tenant as it is when the reader is opened: one transaction on one connection, rows through cursors. */
export class PostgresqlArchiveReader implements ArchiveReader {
  readonly #client: PoolClient;
  readonly #session: TransactionSession;
  readonly #encryptor: Encryptor;
  #cursors = 0;
  #closed = false;

  private constructor(client: PoolClient, encryptor: Encryptor) {
    this.#client = client;
    this.#session = new TransactionSession(client, { preparedStatements: false });
    this.#encryptor = encryptor;
  }

  static async open(pool: PoolSession, encryptor: Encryptor): Promise<PostgresqlArchiveReader> {
    const reader = new PostgresqlArchiveReader(await pool.connect(), encryptor);
    try {
      for (const text of BEGIN) await reader.#session.send({ text });
      return reader;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  async *read(
    tenantId: TenantId,
    entity: EntityName,
    options: ArchiveReadOptions,
  ): AsyncIterable<readonly ArchiveRow[]> {
    const rows = new ArchiveRows(entity, this.#encryptor);
    for await (const page of this.#pages(tenantId, entity, options)) yield await rows.decode(page);
  }

  async *readTexts(
    tenantId: TenantId,
    entity: EntityName,
    options: ArchiveReadOptions,
  ): AsyncIterable<readonly string[]> {
    const rows = new ArchiveRows(entity, this.#encryptor);
    for await (const page of this.#pages(tenantId, entity, options)) yield rows.texts(page);
  }

  async *#pages(
    tenantId: TenantId,
    entity: EntityName,
    { after, pageSize }: ArchiveReadOptions,
  ): AsyncGenerator<readonly TextRow[]> {
    if (!areIds(tenantId)) return;
    const cursor = `tenon_archive_${(this.#cursors += 1)}`;
    const { text } = archiveStatements(entity).declare(cursor, after !== null);
    await this.#session.send({ text, values: [tenantId, ...(after ?? [])], ...NO_TIMEOUT });
    const pages = new Pages(this.#session, cursor, pageSize);
    let next = pages.next();
    try {
      for (let page = await next; page.length > 0; page = await next) {
        // The database works on the next page while this one is used.
        next = pages.next();
        next.catch(ignore);
        yield page;
        // The driver and its timers link one answer to the next. Once one has grown old in memory, all after it would.
        page.length = 0;
      }
    } finally {
      await next.catch(ignore);
      await this.#session.send({ text: `CLOSE ${cursor}` }).catch(ignore);
    }
  }

  async count(tenantId: TenantId, entity: EntityName): Promise<number> {
    if (!areIds(tenantId)) return 0;
    const { text } = archiveStatements(entity).count;
    const { rows } = await this.#session.send({ text, values: [tenantId], ...NO_TIMEOUT });
    return Number((rows[0] as { readonly count: string } | undefined)?.count ?? 0);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#session.send({ text: 'ROLLBACK' }).catch(() => {
      this.#session.broken = true;
    });
    await this.#session.end();
    this.#client.release(this.#session.broken);
  }
}
