import {
  isTenonError,
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
import { conflictError } from './database.errors.js';
import { among, type Filter } from './filter.js';
import { pageOf } from './page.js';
import { Rows } from './rows.js';
import type { KeyedRow } from './scoped-rows.js';
import type { Session } from './session.js';
import { areIds } from './values.js';

type Owner = Pick<Association, 'id' | 'tenantId' | 'installationId' | 'type'>;

const textOf = (key: AssociationObjectKey): string =>
  JSON.stringify([key.connectionId, key.objectType, key.externalId]);

/** One row per object, the last wins; in one order everywhere, so that two writers meet at their first row. */
function distinct<Key extends AssociationObjectKey>(keys: readonly Key[]): readonly Key[] {
  const byText = [...new Map(keys.map((key) => [textOf(key), key]))];
  return byText.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

const keyOf = (associationId: string, key: AssociationObjectKey) => ({
  associationId,
  connectionId: key.connectionId,
  objectType: key.objectType,
  externalId: key.externalId,
});

/** All of the keys in as few conditions as there are kinds of objects: one per key would make the server plan each by itself. */
function matching(associationId: string, keys: readonly AssociationObjectKey[]): Filter {
  const kinds = new Map<string, { readonly kind: Filter; readonly externalIds: string[] }>();
  for (const { connectionId, objectType, externalId } of keys) {
    const name = JSON.stringify([connectionId, objectType]);
    const alike = kinds.get(name);
    if (alike) alike.externalIds.push(externalId);
    else {
      const kind = { associationId, connectionId, objectType };
      kinds.set(name, { kind, externalIds: [externalId] });
    }
  }
  const any = [...kinds.values()].map(({ kind, externalIds }) => ({
    ...kind,
    externalId: among(externalIds),
  }));
  return { any };
}

const ATTEMPTS = 5;

export class MongodbAssociationObjectRepository implements AssociationObjectRepository {
  readonly #session: Session;
  readonly #rows: Rows;

  constructor(session: Session) {
    this.#session = session;
    this.#rows = new Rows(session, 'associationObjects');
  }

  #keyed(association: Owner, given: NewAssociationObject, at: Date): KeyedRow {
    const { id: associationId, tenantId, installationId, type } = association;
    const { role, metadata } = given;
    const seat = seatOf(type, role);
    const set = this.#rows.codec.stored({ role, seat, metadata, updatedAt: at });
    const owner = { tenantId, installationId, associationId };
    const row = { ...given, ...owner, seat, createdAt: at, updatedAt: at };
    return { filter: keyOf(associationId, given), set, row };
  }

  async upsertMany(
    association: Owner,
    rows: readonly NewAssociationObject[],
    at: Date,
  ): Promise<number> {
    const { id, tenantId, installationId } = association;
    if (!areIds(id, tenantId, installationId) || rows.length === 0) return 0;
    const keyed = distinct(rows).map((row) => this.#keyed(association, row, at));
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#session.wholly(async (session) => {
          // Only into an association that is there and the tenant's own.
          const owner = await new Rows(session, 'associations')
            .of(tenantId)
            .findIds({ id, installationId });
          if (owner.length === 0) return 0;
          return new Rows(session, 'associationObjects')
            .of(tenantId)
            .upsertKeyed(keyed, matching(id, rows));
        });
      } catch (error) {
        // Two inserted one object at the same moment: the next attempt finds it.
        if (!isSameObject(error)) throw error;
        if (this.#session.inTransaction) throw conflictError(error);
        if (attempt >= ATTEMPTS) throw error;
      }
    }
  }

  async list(
    tenantId: TenantId,
    filter: AssociationObjectFilter,
    page: PageQuery,
  ): Promise<Page<AssociationObject>> {
    const { installationId, associationId, connectionId, objectType, externalId, role } = filter;
    if (!areIds(tenantId, installationId, associationId, connectionId)) {
      return toPage<AssociationObject>([], page.limit);
    }
    const equal = { installationId, associationId, connectionId, objectType, externalId, role };
    const { filter: where, ...order } = pageOf(equal, page);
    const rows = await this.#rows.of(tenantId).find(where, order);
    return toPage(rows as unknown as AssociationObject[], page.limit);
  }

  async deleteMany(
    association: Pick<Association, 'id' | 'tenantId'>,
    keys: readonly AssociationObjectKey[],
  ): Promise<number> {
    const { id, tenantId } = association;
    const known = distinct(keys).filter(({ connectionId }) => areIds(connectionId));
    if (!areIds(id, tenantId) || known.length === 0) return 0;
    return this.#rows.of(tenantId).delete(matching(id, known));
  }
}

function isSameObject(error: unknown): boolean {
  return (
    isTenonError(error) && error.code === 'UNIQUE_CONFLICT' && error.details['key'] === 'object'
  );
}
