import { columnName, describedEntity, ownerEntityOf } from '@tenon/core';
import type { EntityName, FieldType } from '@tenon/core';
import { prepared, type Statement } from './session.js';

/** What the archive sends for one entity; made from the catalogue. */
export interface ArchiveStatements {
  /** Opens a cursor over a tenant's rows: the tenant, then the values of the key after which it begins. */
  declare(cursor: string, after: boolean): Statement;
  readonly count: Statement;
  /** Takes rows as lines of text; refuses all when one is there. */
  readonly copy: Statement;
  /** Takes rows as JSON; leaves alone what is there. */
  readonly insert: Statement;
  /** The rows, whoever owns them, with the keys in a JSON array. */
  readonly find: Statement;
}

const SQL_TYPES: Readonly<Record<FieldType, string>> = {
  id: 'uuid',
  ids: 'uuid[]',
  text: 'text',
  texts: 'text[]',
  whole: 'bigint',
  whole64: 'bigint',
  flag: 'boolean',
  json: 'jsonb',
  moment: 'timestamptz',
  secret: 'text',
};

const quoted = (field: string): string => `"${columnName(field)}"`;

/** A column as text that {@link decodeField} reads. */
function selected(field: string, type: FieldType): string {
  const column = `t.${quoted(field)}`;
  if (type === 'moment') return `date_part('epoch', ${column})`;
  return type === 'ids' || type === 'texts' ? `to_json(${column})` : column;
}

function orderOf(entity: EntityName): readonly string[] {
  const { key, fields } = describedEntity(entity);
  return key.map((field) => {
    const collation = fields[field]?.type === 'text' ? ' COLLATE "C"' : '';
    return `t.${quoted(field)}${collation}`;
  });
}

/** Large tables have no index by tenant; their rows are found through the owners that their keys begin with. */
function ownedBy(entity: EntityName): string {
  const { table, key, tenant } = describedEntity(entity);
  const mine = `t.${quoted(tenant ?? '')} = $1`;
  const owner = ownerEntityOf(entity);
  if (owner === null) return `"${table}" AS t WHERE ${mine}`;
  const { table: owners, tenant: ownersTenant } = describedEntity(owner);
  const ids = `SELECT id FROM "${owners}" WHERE ${quoted(ownersTenant ?? '')} = $1`;
  return `"${table}" AS t WHERE ${mine} AND t.${quoted(key[0] ?? '')} IN (${ids})`;
}

function described(fields: readonly string[], types: (field: string) => FieldType): string {
  return fields.map((field) => `"${field}" ${SQL_TYPES[types(field)]}`).join(', ');
}

function build(entity: EntityName): ArchiveStatements {
  const { table, key, fields } = describedEntity(entity);
  const names = Object.keys(fields);
  const typeOf = (field: string): FieldType => fields[field]?.type ?? 'text';
  const list = names.map((name) => selected(name, typeOf(name))).join(', ');
  const order = orderOf(entity).join(', ');
  const places = key.map((field, index) => `$${index + 2}::${SQL_TYPES[typeOf(field)]}`);
  const rows = ownedBy(entity);
  const same = key.map((field) => `t.${quoted(field)} = k."${field}"`).join(' AND ');
  return {
    declare: (cursor, after) => ({
      text: `DECLARE ${cursor} NO SCROLL CURSOR FOR SELECT ${list} FROM ${rows}${
        after ? ` AND (${order}) > (${places.join(', ')})` : ''
      } ORDER BY ${order}`,
    }),
    count: { text: `SELECT count(*)::text AS count FROM ${rows}` },
    copy: { text: `COPY "${table}" (${names.map(quoted).join(', ')}) FROM STDIN` },
    insert: prepared(
      `archive.insert_${table}`,
      `INSERT INTO "${table}" (${names.map(quoted).join(', ')})
       SELECT ${names.map((name) => `g."${name}"`).join(', ')}
       FROM json_to_recordset($1::json) AS g (${described(names, typeOf)})
       ON CONFLICT (${key.map(quoted).join(', ')}) DO NOTHING`,
    ),
    find: {
      text: `SELECT ${list} FROM "${table}" AS t
       JOIN json_to_recordset($1::json) AS k (${described(key, typeOf)}) ON ${same}`,
    },
  };
}

const BUILT = new Map<EntityName, ArchiveStatements>();

/** The statements for an entity. */
export function archiveStatements(entity: EntityName): ArchiveStatements {
  const known = BUILT.get(entity) ?? build(entity);
  BUILT.set(entity, known);
  return known;
}
