import type { EncryptionContext } from '../platform/encryptor.port.js';
import { entities } from '../platform/entities.js';
import type { EntityName } from '../platform/entities.js';
import { columnName } from '../platform/entity-catalogue.js';
import type { EntityDescription } from '../platform/entity-catalogue.js';

/** A field of type `secret`, in the words of the catalogue. */
export interface SecretFieldName {
  readonly entity: EntityName;
  readonly field: string;
}

/** Where the values of a secret field are kept. */
export interface SecretFieldPlace extends Pick<EncryptionContext, 'table' | 'column'> {
  /** Field with the tenant that owns the row. */
  readonly tenantField: string;
}

/** All secret fields of the catalogue, in its order. */
export const secretFieldNames: readonly SecretFieldName[] = Object.entries(entities).flatMap(
  ([entity, { fields }]: [string, EntityDescription]) =>
    Object.entries(fields)
      .filter(([, { type }]) => type === 'secret')
      .map(([field]) => ({ entity: entity as EntityName, field })),
);

/**
 * The place of a secret field. Adapters may put its names into statements: they are those of the catalogue.
 * @throws RangeError when the catalogue has no such field, or when it is not secret.
 */
export function secretFieldPlace({ entity, field }: SecretFieldName): SecretFieldPlace {
  const description: EntityDescription | undefined = Object.hasOwn(entities, entity)
    ? entities[entity]
    : undefined;
  const tenantField = description?.tenant ?? null;
  const isSecret =
    description !== undefined &&
    Object.hasOwn(description.fields, field) &&
    description.fields[field]?.type === 'secret';
  if (!isSecret || tenantField === null) {
    throw new RangeError(`'${field}' of '${entity}' is no secret field of a tenant's entity`);
  }
  return { table: description.table, column: columnName(field), tenantField };
}
