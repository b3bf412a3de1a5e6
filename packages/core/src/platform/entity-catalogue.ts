/** What a stored field holds, in words that every database can map. */
export type FieldType =
  /** UUID. */
  | 'id'
  | 'ids'
  | 'text'
  | 'texts'
  /** Whole number within ±2⁵³. */
  | 'whole'
  /** Whole number of 64 bits; a `bigint` in code. */
  | 'whole64'
  | 'flag'
  | 'json'
  /** A moment to the millisecond, UTC. */
  | 'moment'
  /** Encrypted through the `Encryptor`, bound to tenant, table, column and row. */
  | 'secret';

/** One stored field. */
export interface FieldDescription {
  readonly type: FieldType;
  readonly optional: boolean;
}

/** One stored entity: a table, or a collection. Adapters keep these fields under these names. */
export interface EntityDescription {
  /** Name of table and collection, and in the encryption context. */
  readonly table: string;
  /** Fields that identify a row; `['id']` for most. */
  readonly key: readonly string[];
  /** Field with the tenant that owns the row; null for what belongs to no tenant. */
  readonly tenant: string | null;
  /**
   * Whether a tenant's archive holds its rows. What is only in flight (leases, claims, sessions) is not moved.
   */
  readonly archived: boolean;
  /** Whether its rows stay when an installation, connection or user that they name is deleted (an audit trail does). Default false. */
  readonly outlives: boolean;
  /** Whether rows are written once and never changed, nor deleted but with their tenant. Default false. */
  readonly appendOnly: boolean;
  readonly fields: Readonly<Record<string, FieldDescription>>;
}

/** `'text'`, or `'text?'` for a field that may be null. */
type FieldShape = FieldType | `${FieldType}?`;

/** Spells out a description. */
export function describeEntity(entity: {
  readonly table: string;
  readonly key?: readonly string[];
  readonly tenant?: string | null;
  readonly archived?: boolean;
  readonly outlives?: boolean;
  readonly appendOnly?: boolean;
  readonly fields: Readonly<Record<string, FieldShape>>;
}): EntityDescription {
  const { table, key = ['id'], tenant = 'tenantId' } = entity;
  const { archived = true, outlives = false, appendOnly = false } = entity;
  const fields = Object.entries(entity.fields).map(([name, shape]): [string, FieldDescription] => {
    const optional = shape.endsWith('?');
    return [name, { type: (optional ? shape.slice(0, -1) : shape) as FieldType, optional }];
  });
  const flags = { archived, outlives, appendOnly };
  return { table, key, tenant, ...flags, fields: Object.fromEntries(fields) };
}

/** `createdAt` → `created_at`: the name of a field as a column and in the encryption context. */
export function columnName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
