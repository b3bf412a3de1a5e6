import type { EntityName } from '../platform/entities.js';
import type { JsonValue } from '../platform/json.js';
import type { Secret } from '../platform/secret.js';
import type { TenantId } from '../tenant/tenant.js';

/**
 * The value of one field, by its type in the catalogue: text for `id` and `text`, arrays of text for `ids` and `texts`, a number
 * for `whole`, a `bigint` for `whole64`, a boolean for `flag`, any JSON for `json`, a `Date` for `moment`, and a `Secret` of any
 * JSON for `secret`. Null for optional fields without a value; JSON's own null in a `json` field is the same null.
 */
export type ArchiveValue = bigint | Date | Secret<JsonValue> | JsonValue;

/** One stored row as plain data: every field of its description, under its name, and nothing else. */
export type ArchiveRow = Readonly<Record<string, ArchiveValue>>;

/** The values of a row's key, in the order of the catalogue, as text. */
export type ArchiveKey = readonly string[];

/** Where reading goes on, and how much is read at once. */
export interface ArchiveReadOptions {
  /** Key of the last row that is known already; null from the start. */
  readonly after: ArchiveKey | null;
  /** The most rows in a page. Pages may be smaller, for example of large rows, but are never empty. */
  readonly pageSize: number;
}

/** Reads what belongs to a tenant, as it was at one moment where the database can do that. */
export interface ArchiveReader {
  /**
   * The tenant's rows, page by page, ascending by key: field after field, text by code point. Rows whose installation or
   * sync is gone may be left out. An unknown tenant has no rows. @throws what the encryptor throws.
   */
  read(
    tenantId: TenantId,
    entity: EntityName,
    options: ArchiveReadOptions,
  ): AsyncIterable<readonly ArchiveRow[]>;
  /** The same rows as `archiveRowText`, of an entity without secrets; for databases that make it without the rows. */
  readTexts?(
    tenantId: TenantId,
    entity: EntityName,
    options: ArchiveReadOptions,
  ): AsyncIterable<readonly string[]>;
  /** How many rows {@link ArchiveReader.read} gives. */
  count(tenantId: TenantId, entity: EntityName): Promise<number>;
  /** Gives back what reading holds. Idempotent. */
  close(): Promise<void>;
}

/** What became of the rows of one {@link TenantArchive.write}. */
export interface ArchiveWritten {
  /** Rows that were not there. */
  readonly inserted: number;
  /** Rows that were there already, with the same values. */
  readonly equal: number;
  /** Keys of rows that are there with other values, or belong to another tenant. They are left as they are. */
  readonly different: readonly ArchiveKey[];
}

/** Reads and writes the rows of a tenant whatever they are: for exports, imports and moves. Goes by the catalogue. */
export interface TenantArchive {
  /** The caller closes the reader. @throws TenonError `DATABASE_UNAVAILABLE`. */
  openReader(): Promise<ArchiveReader>;
  /**
   * Adds rows as they are, in one statement, and never changes a row that is there: writing again changes nothing. Several
   * thousand rows at most, all of one tenant, their owners before them, each key once.
   * @throws ValidationError for a row of another tenant; UniqueConflictError when a row with another key has the same unique
   * value; TenonError `REFERENCE_MISSING` where the database checks owners. Nothing is written then.
   */
  write(
    tenantId: TenantId,
    entity: EntityName,
    rows: readonly ArchiveRow[],
  ): Promise<ArchiveWritten>;
}
