import {
  columnName,
  reencryptValues,
  SEALED_HEAD,
  SEALED_HEAD_CHARS,
  secretFieldPlace,
  type Encryptor,
  type KeyCount,
  type ReencryptedBatch,
  type ReencryptedValue,
  type SealedValue,
  type SecretBatch,
  type SecretBatchProgress,
  type SecretFieldName,
  type SecretFields,
} from '@tenon/core';
import type { Session, Statement } from './session.js';
import { areIds } from './values.js';

interface CountRow {
  /** Whether there is a value. */
  readonly filled: boolean;
  readonly keyId: string | null;
  readonly rows: number;
  readonly last: string;
}

interface ValueRow {
  readonly id: string;
  readonly tenantId: string;
  /** Null when nothing is to be done for the row. */
  readonly text: string | null;
}

/** The key id that a column names. Of long values the server reads the beginning alone. */
const keyIdIn = (column: string): string =>
  `substring(left(${column}, ${SEALED_HEAD_CHARS}) from '${SEALED_HEAD}')`;

/** Names come from the catalogue, which `secretFieldPlace` has made sure of. */
function countStatement(name: SecretFieldName): Statement {
  const { table, column } = secretFieldPlace(name);
  return {
    text: `SELECT filled, "keyId", count(*)::int AS rows, max(id::text) AS last FROM (
      SELECT id, ${column} IS NOT NULL AS filled, ${keyIdIn(column)} AS "keyId"
      FROM ${table} WHERE id > $1 ORDER BY id LIMIT $2) AS batch GROUP BY filled, "keyId"`,
  };
}

/** Values that need nothing stay in the database. */
function readStatement(name: SecretFieldName): Statement {
  const { table, column, tenantField } = secretFieldPlace(name);
  return {
    text: `SELECT id, ${columnName(tenantField)} AS "tenantId",
      CASE WHEN ${keyIdIn(column)} IS DISTINCT FROM $3 THEN ${column} END AS text
      FROM ${table} WHERE id > $1 ORDER BY id LIMIT $2`,
  };
}

/** Compares with what was read: a row that somebody changed meanwhile is left alone. */
function writeStatement(name: SecretFieldName): Statement {
  const { table, column } = secretFieldPlace(name);
  return {
    text: `UPDATE ${table} AS stored SET ${column} = change.after
      FROM unnest($1::uuid[], $2::text[], $3::text[]) AS change (id, before, after)
      WHERE stored.id = change.id AND stored.${column} = change.before`,
  };
}

/** Sorts before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

function startOf({ after }: SecretBatch): string {
  if (after !== null && !areIds(after)) throw new RangeError(`'${after}' is no id of a row`);
  return after ?? FIRST;
}

/** Statements have no names: plans kept for ever on every connection would serve one run in months. */
export class PostgresqlSecretFields implements SecretFields {
  readonly #session: Session;
  readonly #encryptor: Encryptor;

  constructor(session: Session, encryptor: Encryptor) {
    this.#session = session;
    this.#encryptor = encryptor;
  }

  async countByKey(
    batch: SecretBatch,
  ): Promise<SecretBatchProgress & { readonly counts: readonly KeyCount[] }> {
    const groups = await this.#session.rows<CountRow>(countStatement(batch), [
      startOf(batch),
      batch.limit,
    ]);
    const scanned = groups.reduce((sum, { rows }) => sum + rows, 0);
    const last = groups.reduce((max, each) => (each.last > max ? each.last : max), '');
    const counts = groups.filter(({ filled }) => filled);
    return {
      scanned,
      next: scanned < batch.limit ? null : last,
      counts: counts.map(({ keyId, rows }) => ({ keyId, rows })),
    };
  }

  async reencrypt(batch: SecretBatch & { readonly keyId: string }): Promise<ReencryptedBatch> {
    const { limit, keyId } = batch;
    const values = [startOf(batch), limit, keyId];
    const rows = await this.#session.rows<ValueRow>(readStatement(batch), values);
    const others = rows.filter((row): row is SealedValue => row.text !== null);
    const { changes, unreadable } = await reencryptValues(
      this.#encryptor,
      secretFieldPlace(batch),
      others,
    );
    const rewritten = await this.#write(batch, changes);
    return {
      scanned: rows.length,
      next: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
      rewritten,
      outrun: changes.length - rewritten,
      unreadable,
    };
  }

  async #write(name: SecretFieldName, changes: readonly ReencryptedValue[]): Promise<number> {
    if (changes.length === 0) return 0;
    return this.#session.run(writeStatement(name), [
      changes.map(({ id }) => id),
      changes.map(({ before }) => before),
      changes.map(({ after }) => after),
    ]);
  }
}
