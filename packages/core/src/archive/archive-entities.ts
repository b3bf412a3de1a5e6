import { entities } from '../platform/entities.js';
import type { EntityName } from '../platform/entities.js';
import type { EncryptionContext } from '../platform/encryptor.port.js';
import { columnName } from '../platform/entity-catalogue.js';
import type { EntityDescription } from '../platform/entity-catalogue.js';
import type { ArchiveKey, ArchiveRow, ArchiveValue } from './tenant-archive.port.js';

/** The description of an entity, without the literal types of the catalogue. */
export function describedEntity(entity: EntityName): EntityDescription {
  return entities[entity];
}

/** The entities that an archive holds, in the order in which rows can be written. */
export const archivedEntities: readonly EntityName[] = (
  Object.keys(entities) as EntityName[]
).filter((name) => describedEntity(name).archived && describedEntity(name).tenant !== null);

function keyText(value: ArchiveValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The values of a row's key. */
export function archiveKeyOf(entity: EntityName, row: ArchiveRow): ArchiveKey {
  return describedEntity(entity).key.map((field) => keyText(row[field]));
}

/**
 * The entity whose rows an entity's key begins with (`installations` for `installationId`), or null when it begins with an id
 * of its own or with the tenant. Large tables are read through their owners, by the index of their key.
 */
export function ownerEntityOf(entity: EntityName): EntityName | null {
  const { key, tenant } = describedEntity(entity);
  const first = key[0] ?? '';
  if (first === tenant || !first.endsWith('Id')) return null;
  const owner = `${first.slice(0, -2)}s`;
  return Object.hasOwn(entities, owner) ? (owner as EntityName) : null;
}

/** Where a secret of a row is kept, as its encryption context. */
export function secretPlaceOf(
  entity: EntityName,
  field: string,
  row: ArchiveRow,
): EncryptionContext {
  const { table, tenant } = describedEntity(entity);
  return {
    tenantId: keyText(row[tenant ?? '']),
    table,
    column: columnName(field),
    rowId: archiveKeyOf(entity, row).join('/'),
  };
}
