import {
  seatOf,
  toPage,
  type Association,
  type AssociationObject,
  type AssociationObjectFilter,
  type AssociationObjectKey,
  type AssociationObjectRepository,
  type NewAssociationObject,
  type Page,
  type PageQuery,
  type TenantId,
} from '@tenon/core';
import { columns } from './columns.js';
import { Conditions } from './conditions.js';
import type { AssociationObject as ObjectRow } from './generated/client.js';
import { pageClause } from './page.js';
import { prepared, type Session } from './session.js';
import { areIds } from './values.js';

const TABLE = 'association_objects';

const ROW = columns<ObjectRow>(TABLE, [
  'id',
  'tenantId',
  'installationId',
  'associationId',
  'connectionId',
  'objectType',
  'externalId',
  'role',
  'seat',
  'metadata',
  'createdAt',
  'updatedAt',
]);

/**
 * Only into an association that is there and the tenant's own. Rows are locked in one order, here and in deletion, so that two
 * writers do not wait for each other.
 */
const UPSERT_MANY = prepared(
  'association_objects.upsert_many',
  `INSERT INTO association_objects (association_id, tenant_id, installation_id, created_at, updated_at,
     id, connection_id, object_type, external_id, role, seat, metadata)
   SELECT owner.id, owner.tenant_id, owner.installation_id, $4, $4, given.id, connection_id, object_type, external_id,
     role, seat, metadata::jsonb
   FROM associations AS owner, unnest($5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
     AS given (id, connection_id, object_type, external_id, role, seat, metadata)
   WHERE owner.id = $1 AND owner.tenant_id = $2 AND owner.installation_id = $3
   ORDER BY connection_id, object_type COLLATE "C", external_id COLLATE "C"
   ON CONFLICT (association_id, connection_id, object_type, external_id) DO UPDATE
   SET role = excluded.role, seat = excluded.seat, metadata = excluded.metadata, updated_at = excluded.updated_at`,
);

const DELETE_MANY = prepared(
  'association_objects.delete_many',
  `WITH locked AS MATERIALIZED (
     SELECT kept.id FROM association_objects AS kept
     JOIN unnest($3::uuid[], $4::text[], $5::text[]) AS given (connection_id, object_type, external_id)
       ON kept.connection_id = given.connection_id AND kept.object_type = given.object_type
       AND kept.external_id = given.external_id
     WHERE kept.association_id = $1 AND kept.tenant_id = $2
     ORDER BY kept.connection_id, kept.object_type COLLATE "C", kept.external_id COLLATE "C" FOR UPDATE OF kept)
   DELETE FROM association_objects WHERE id = ANY (ARRAY(SELECT id FROM locked))`,
);

const toObject = (row: ObjectRow): AssociationObject => row as unknown as AssociationObject;

const textOf = (key: AssociationObjectKey): string =>
  JSON.stringify([key.connectionId, key.objectType, key.externalId]);

/** One row per object, the last wins. */
function distinct<Key extends AssociationObjectKey>(keys: readonly Key[]): readonly Key[] {
  return [...new Map(keys.map((key) => [textOf(key), key])).values()];
}

export class PostgresqlAssociationObjectRepository implements AssociationObjectRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async upsertMany(
    association: Pick<Association, 'id' | 'tenantId' | 'installationId' | 'type'>,
    rows: readonly NewAssociationObject[],
    at: Date,
  ): Promise<number> {
    const { id, tenantId, installationId, type } = association;
    if (!areIds(id, tenantId, installationId) || rows.length === 0) return 0;
    const given = distinct(rows);
    return this.#session.run(UPSERT_MANY, [
      ...[id, tenantId, installationId, at],
      given.map((row) => row.id),
      given.map((row) => row.connectionId),
      given.map((row) => row.objectType),
      given.map((row) => row.externalId),
      given.map((row) => row.role),
      given.map((row) => seatOf(type, row.role)),
      given.map((row) => JSON.stringify(row.metadata)),
    ]);
  }

  async list(
    tenantId: TenantId,
    filter: AssociationObjectFilter,
    page: PageQuery,
  ): Promise<Page<AssociationObject>> {
    const { installationId, associationId, connectionId } = filter;
    if (!areIds(tenantId, installationId, associationId, connectionId)) {
      return toPage<AssociationObject>([], page.limit);
    }
    const conditions = new Conditions()
      .equal(`${TABLE}.tenant_id`, tenantId)
      .equal(`${TABLE}.installation_id`, installationId)
      .equal(`${TABLE}.association_id`, associationId)
      .equal(`${TABLE}.connection_id`, connectionId)
      .equal(`${TABLE}.object_type`, filter.objectType)
      .equal(`${TABLE}.external_id`, filter.externalId)
      .equal(`${TABLE}.role`, filter.role);
    const text = `SELECT ${ROW.list} FROM ${TABLE} ${pageClause(conditions, TABLE, page)}`;
    const rows = await this.#session.rows<ObjectRow>({ text }, conditions.values);
    return toPage(rows.map(toObject), page.limit);
  }

  async deleteMany(
    association: Pick<Association, 'id' | 'tenantId'>,
    keys: readonly AssociationObjectKey[],
  ): Promise<number> {
    const { id, tenantId } = association;
    const known = distinct(keys).filter(({ connectionId }) => areIds(connectionId));
    if (!areIds(id, tenantId) || known.length === 0) return 0;
    return this.#session.run(DELETE_MANY, [
      ...[id, tenantId],
      known.map((key) => key.connectionId),
      known.map((key) => key.objectType),
      known.map((key) => key.externalId),
    ]);
  }
}
